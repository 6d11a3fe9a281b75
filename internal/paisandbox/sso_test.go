package paisandbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func startSSO(t *testing.T, s *Sandbox, o SSOOptions) *SSO {
	t.Helper()
	sso, err := s.StartSSO(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return sso
}

func post(t *testing.T, sso *SSO, path, token, kind, body string) result {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, sso.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", kind)
	return fetch(t, trusting(sso.CertificatePEM()), request)
}

func TestCloudSSO(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	sso := startSSO(t, s, SSOOptions{Lifetime: time.Minute})
	const body = `{"AccountId":"1234","AccessConfigurationId":"ac-x"}`
	a := post(t, sso, "/cloud-credentials", sso.AccessToken(), "application/json", body)
	var got struct {
		RequestID       string `json:"RequestId"`
		CloudCredential credentialsAnswer
	}
	decodeStrictly(t, a.body, &got)
	issued := s.Sessions()[0]
	if got.CloudCredential != credentialsOf(issued) || got.RequestID == "" || issued.By != ByCloudSSO ||
		issued.RoleARN != "1234/ac-x" || issued.Expires.Sub(issued.Issued) != time.Minute {
		t.Errorf("got %s for %+v", a.body, issued)
	}
	as(s, issued).list(t, "")
	for name, refused := range map[string]result{
		"wrong token": post(t, sso, "/cloud-credentials", sso.RefreshToken(), "application/json", body),
		"no account":  post(t, sso, "/cloud-credentials", sso.AccessToken(), "application/json", `{"AccessConfigurationId":"x"}`),
		"no JSON":     post(t, sso, "/cloud-credentials", sso.AccessToken(), "application/json", "AccountId=1"),
		"other path":  post(t, sso, "/", sso.AccessToken(), "application/json", body),
		"get":         plain(t, trusting(sso.CertificatePEM()), http.MethodGet, sso.URL()+"/cloud-credentials", nil),
	} {
		if refused.StatusCode < 400 || refused.apiError(t).Code == "" {
			t.Errorf("%s: %s", name, refused.Status)
		}
	}
	if len(s.Sessions()) != 1 {
		t.Errorf("%d sessions", len(s.Sessions()))
	}
}

func TestOAuth(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	sso := startSSO(t, s, SSOOptions{})
	former, used := sso.AccessToken(), sso.RefreshToken()
	a := post(t, sso, "/v1/exchange", former, "application/json", "")
	var got struct{ RequestID, AccessKeyID, AccessKeySecret, SecurityToken, Expiration string }
	decodeStrictly(t, a.body, &got)
	issued := s.Sessions()[0]
	if (credentialsAnswer{got.AccessKeyID, got.AccessKeySecret, got.SecurityToken, got.Expiration}) != credentialsOf(issued) ||
		!strings.Contains(string(a.body), `"accessKeyId"`) || issued.By != ByOAuth || issued.Expires.Sub(issued.Issued) != DefaultLifetime {
		t.Errorf("got %s for %+v", a.body, issued)
	}
	as(s, issued).list(t, "")

	refresh := func(change func(url.Values)) result {
		form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {used}, "client_id": {"4038181954557748008"}}
		change(form)
		return post(t, sso, "/v1/token", "", formType, form.Encode())
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
