package identity

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// SSOOptions configures an SSO.
type SSOOptions struct {
	Addr     string        // address to listen on; paisandbox.DefaultAddr if empty
	Lifetime time.Duration // lifetime of sessions; paisandbox.DefaultLifetime if 0
}

// SSO exchanges the access token of a CLI login for a session, over HTTPS. It serves CLI profiles of the modes CloudSSO
// and OAuth. OAuth profiles always use oauth.aliyun.com or oauth.alibabacloud.com, so they need a Proxy.
type SSO struct {
	*paisandbox.Service
	sandbox *paisandbox.Sandbox
	options SSOOptions

	mu              sync.Mutex
	access, refresh string
}

// StartSSO starts an SSO. It serves until it or the sandbox is closed, or until ctx ends.
func StartSSO(ctx context.Context, s *paisandbox.Sandbox, o SSOOptions) (*SSO, error) {
	t := &SSO{sandbox: s, options: o}
	t.renewTokens()
	var err error
	t.Service, err = s.StartService(ctx, paisandbox.ServiceOptions{
		Product: "SSO", Addr: o.Addr, TLS: true, Handler: t.handle,
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// AccessToken returns the access token, which can be exchanged for sessions. It changes when the refresh token is used.
func (t *SSO) AccessToken() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.access
}

// RefreshToken returns the refresh token of OAuth. It can be used once, for a new access token and a new refresh token.
func (t *SSO) RefreshToken() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refresh
}

func (t *SSO) renewTokens() (access, refresh string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access, t.refresh = "access-"+rand.Text(), "refresh-"+rand.Text()
	return t.access, t.refresh
}

func (t *SSO) handle(r paisandbox.Request) (respond, *paisandbox.ErrorResponse) {
	if r.Method != http.MethodPost {
		return nil, paisandbox.MethodNotSupported("every operation is a POST")
	}
	if r.Path == "/v1/token" {
		return func() (*paisandbox.Response, *paisandbox.ErrorResponse) { return t.refreshOAuth(r) }, nil
	}
	if r.Header.Get("Authorization") != "Bearer "+t.AccessToken() {
		return nil, authenticationFailure("AccessToken", "The access token is not valid.")
	}
	switch r.Path {
	case "/cloud-credentials":
		return func() (*paisandbox.Response, *paisandbox.ErrorResponse) { return t.exchangeCloudSSO(r) }, nil
	case "/v1/exchange":
		return func() (*paisandbox.Response, *paisandbox.ErrorResponse) { return t.exchangeOAuth(r) }, nil
	}
	return nil, paisandbox.ActionNotFound("there is nothing at this path")
}

func (t *SSO) exchangeCloudSSO(r paisandbox.Request) (*paisandbox.Response, *paisandbox.ErrorResponse) {
	var body struct{ AccountId, AccessConfigurationId string } //nolint:revive // the names of the members
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return nil, paisandbox.Unparsable("body", err)
	}
	if body.AccountId == "" || body.AccessConfigurationId == "" {
		return nil, paisandbox.MissingParameter("AccountId, AccessConfigurationId")
	}
	issued := t.sandbox.Issue(
		paisandbox.Session{By: ByCloudSSO, RoleARN: body.AccountId + "/" + body.AccessConfigurationId}, t.options.Lifetime)
	return jsonResponse(map[string]any{"RequestId": r.RequestID, "CloudCredential": credentialsOf(issued)}), nil
}

// exchangeOAuth returns a session. The JSON members are in lower camel case, unlike those of the other servers.
func (t *SSO) exchangeOAuth(r paisandbox.Request) (*paisandbox.Response, *paisandbox.ErrorResponse) {
	issued := credentialsOf(t.sandbox.Issue(paisandbox.Session{By: ByOAuth}, t.options.Lifetime))
	return jsonResponse(map[string]any{
		"requestId": r.RequestID, "accessKeyId": issued.AccessKeyID, "accessKeySecret": issued.AccessKeySecret,
		"securityToken": issued.SecurityToken, "expiration": issued.Expiration,
	}), nil
}

// refreshOAuth replaces both tokens, so that the old ones become invalid.
func (t *SSO) refreshOAuth(r paisandbox.Request) (*paisandbox.Response, *paisandbox.ErrorResponse) {
	if errResp := checkForm(r); errResp != nil {
		return nil, errResp
	}
	if r.Form.Get("grant_type") != "refresh_token" || r.Form.Get("client_id") == "" ||
		r.Form.Get("refresh_token") != t.RefreshToken() {
		return nil, paisandbox.BadRequest("invalid_grant", "The refresh token is not valid.")
	}
	access, refresh := t.renewTokens()
	return jsonResponse(map[string]any{
		"access_token": access, "refresh_token": refresh, "expires_in": 3600, "token_type": "Bearer",
	}), nil
}
