package identity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func startSSO(t *testing.T, s *paisandbox.Sandbox, o SSOOptions) *SSO {
	t.Helper()
	sso, err := StartSSO(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return sso
}

func post(t *testing.T, sso *SSO, path, token, contentType, body string) httpResponse {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, sso.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", contentType)
	return send(t, newTLSClient(sso.CertificatePEM()), r)
}

func TestCloudSSO(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sso := startSSO(t, s, SSOOptions{Lifetime: time.Minute})
	exchange := func(path, token, body string) httpResponse {
		return post(t, sso, path, token, "application/json", body)
	}
	const path, body = "/cloud-credentials", `{"AccountId":"1234","AccessConfigurationId":"ac-x"}`
	r := exchange(path, sso.AccessToken(), body)
	var got struct {
		RequestID       string `json:"RequestId"`
		CloudCredential credentials
	}
	decodeStrictly(t, r.body, &got)
	issued := s.Sessions()[0]
	if got.CloudCredential != credentialsOf(issued) || got.RequestID == "" || issued.By != ByCloudSSO ||
		issued.RoleARN != "1234/ac-x" || issued.Expires.Sub(issued.Issued) != time.Minute {
		t.Errorf("response %s for the session %+v", r.body, issued)
	}
	checkAccepted(t, s, issued, true)
	for name, got := range map[string]httpResponse{
		"wrong token": exchange(path, sso.RefreshToken(), body),
		"no account":  exchange(path, sso.AccessToken(), `{"AccessConfigurationId":"x"}`),
		"not JSON":    exchange(path, sso.AccessToken(), "AccountId=1"),
		"other path":  exchange("/", sso.AccessToken(), body),
		"GET":         fetch(t, newTLSClient(sso.CertificatePEM()), http.MethodGet, sso.URL()+path, nil),
	} {
		if got.StatusCode < 400 || got.errorCode(t) == "" {
			t.Errorf("%s: %s", name, got.Status)
		}
	}
	if len(s.Sessions()) != 1 {
		t.Errorf("%d sessions, want 1", len(s.Sessions()))
	}
}

func TestOAuthExchange(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sso := startSSO(t, s, SSOOptions{})
	r := post(t, sso, "/v1/exchange", sso.AccessToken(), "application/json", "")
	var got struct{ RequestID, AccessKeyID, AccessKeySecret, SecurityToken, Expiration string }
	decodeStrictly(t, r.body, &got)
	issued := s.Sessions()[0]
	decoded := credentials{got.AccessKeyID, got.AccessKeySecret, got.SecurityToken, got.Expiration}
	if decoded != credentialsOf(issued) || !strings.Contains(string(r.body), `"accessKeyId"`) || issued.By != ByOAuth ||
		issued.Expires.Sub(issued.Issued) != paisandbox.DefaultLifetime {
		t.Errorf("response %s for the session %+v", r.body, issued)
	}
	checkAccepted(t, s, issued, true)
}

func TestOAuthRefresh(t *testing.T) {
	t.Parallel()
	sso := startSSO(t, startSandbox(t, paisandbox.Options{}), SSOOptions{})
	oldAccess, oldRefresh := sso.AccessToken(), sso.RefreshToken()
	refresh := func(change func(url.Values)) httpResponse {
		form := url.Values{
			"grant_type": {"refresh_token"}, "refresh_token": {oldRefresh}, "client_id": {"4038181954557748008"},
		}
		change(form)
		return post(t, sso, "/v1/token", "", paisandbox.FormType, form.Encode())
	}
	unchanged := func(url.Values) {}
	for name, change := range map[string]func(url.Values){
		"other token": func(f url.Values) { f.Set("refresh_token", oldAccess) },
		"other grant": func(f url.Values) { f.Set("grant_type", "password") },
		"no client":   func(f url.Values) { f.Del("client_id") },
	} {
		if got := refresh(change); got.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", name, got.Status)
		}
	}
	var tokens struct {
		Access    string `json:"access_token"`
		Refresh   string `json:"refresh_token"`
		ExpiresIn int    `json:"expires_in"`
		Type      string `json:"token_type"`
	}
	decodeStrictly(t, refresh(unchanged).body, &tokens)
	if tokens.Access != sso.AccessToken() || tokens.Refresh != sso.RefreshToken() || tokens.Access == oldAccess ||
		tokens.Refresh == oldRefresh || tokens.ExpiresIn < 1800 {
		t.Errorf("tokens %+v", tokens)
	}
	if got := refresh(unchanged); got.StatusCode != http.StatusBadRequest {
		t.Errorf("used refresh token: %s", got.Status)
	}
	if got := post(t, sso, "/v1/exchange", oldAccess, "", ""); got.StatusCode != http.StatusUnauthorized {
		t.Errorf("old access token: %s", got.Status)
	}
	if got := post(t, sso, "/v1/exchange", tokens.Access, "", ""); got.StatusCode != http.StatusOK {
		t.Errorf("new access token: %s", got.Status)
	}
	if got := sso.Requests()[0]; got.Form.Get("grant_type") == "" {
		t.Errorf("request without its form: %+v", got)
	}
}
