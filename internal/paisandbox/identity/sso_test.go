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

func post(t *testing.T, sso *SSO, path, token, kind, body string) response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, sso.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", kind)
	return send(t, trusting(sso.CertificatePEM()), request)
}

func TestCloudSSO(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sso := startSSO(t, s, SSOOptions{Lifetime: time.Minute})
	const body = `{"AccountId":"1234","AccessConfigurationId":"ac-x"}`
	a := post(t, sso, "/cloud-credentials", sso.AccessToken(), "application/json", body)
	var got struct {
		RequestID       string `json:"RequestId"`
		CloudCredential credentials
	}
	decodeStrictly(t, a.body, &got)
	issued := s.Sessions()[0]
	if got.CloudCredential != credentialsOf(issued) || got.RequestID == "" || issued.By != ByCloudSSO ||
		issued.RoleARN != "1234/ac-x" || issued.Expires.Sub(issued.Issued) != time.Minute {
		t.Errorf("got %s for %+v", a.body, issued)
	}
	if !admits(s, issued) {
		t.Error("the sandbox refuses the session")
	}
	for name, refused := range map[string]response{
		"wrong token": post(t, sso, "/cloud-credentials", sso.RefreshToken(), "application/json", body),
		"no account":  post(t, sso, "/cloud-credentials", sso.AccessToken(), "application/json", `{"AccessConfigurationId":"x"}`),
		"no JSON":     post(t, sso, "/cloud-credentials", sso.AccessToken(), "application/json", "AccountId=1"),
		"other path":  post(t, sso, "/", sso.AccessToken(), "application/json", body),
		"get":         request(t, trusting(sso.CertificatePEM()), http.MethodGet, sso.URL()+"/cloud-credentials", nil),
	} {
		if refused.StatusCode < 400 || refused.errorCode(t) == "" {
			t.Errorf("%s: %s", name, refused.Status)
		}
	}
	if len(s.Sessions()) != 1 {
		t.Errorf("%d sessions", len(s.Sessions()))
	}
}

func TestOAuth(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sso := startSSO(t, s, SSOOptions{})
	former, used := sso.AccessToken(), sso.RefreshToken()
	a := post(t, sso, "/v1/exchange", former, "application/json", "")
	var got struct{ RequestID, AccessKeyID, AccessKeySecret, SecurityToken, Expiration string }
	decodeStrictly(t, a.body, &got)
	issued := s.Sessions()[0]
	if (credentials{got.AccessKeyID, got.AccessKeySecret, got.SecurityToken, got.Expiration}) != credentialsOf(issued) ||
		!strings.Contains(string(a.body), `"accessKeyId"`) || issued.By != ByOAuth || issued.Expires.Sub(issued.Issued) != paisandbox.DefaultLifetime {
		t.Errorf("got %s for %+v", a.body, issued)
	}
	if !admits(s, issued) {
		t.Error("the sandbox refuses the session")
	}

	refresh := func(change func(url.Values)) response {
		form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {used}, "client_id": {"4038181954557748008"}}
		change(form)
		return post(t, sso, "/v1/token", "", paisandbox.FormType, form.Encode())
	}
	for name, bend := range map[string]func(url.Values){
		"other token": func(f url.Values) { f.Set("refresh_token", former) },
		"other grant": func(f url.Values) { f.Set("grant_type", "password") },
		"no client":   func(f url.Values) { f.Del("client_id") },
	} {
		if a := refresh(bend); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", name, a.Status)
		}
	}
	var tokens struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Lasts   int    `json:"expires_in"`
		Type    string `json:"token_type"`
	}
	decodeStrictly(t, refresh(func(url.Values) {}).body, &tokens)
	if tokens.Access != sso.AccessToken() || tokens.Refresh != sso.RefreshToken() || tokens.Access == former || tokens.Refresh == used || tokens.Lasts < 1800 {
		t.Errorf("got %+v", tokens)
	}
	if a := refresh(func(url.Values) {}); a.StatusCode != http.StatusBadRequest {
		t.Errorf("a refresh token that was used: %s", a.Status)
	}
	if a := post(t, sso, "/v1/exchange", former, "", ""); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("a former access token: %s", a.Status)
	}
	if a := post(t, sso, "/v1/exchange", tokens.Access, "", ""); a.StatusCode != http.StatusOK {
		t.Errorf("the new access token: %s", a.Status)
	}
	if seen := sso.Requests(); seen[1].Form.Get("grant_type") == "" {
		t.Errorf("logged %+v", seen[1])
	}
}
