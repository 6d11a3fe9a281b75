package paisandbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// SSOOptions says how an SSO is started.
type SSOOptions struct {
	Addr     string        // address to listen on, DefaultAddr when empty
	Lifetime time.Duration // of sessions, DefaultLifetime when 0
}

// SSO is where the Alibaba Cloud CLI's profiles of the modes CloudSSO and OAuth turn the access token of a login into a
// session, over HTTPS. OAuth's is always asked at oauth.aliyun.com or oauth.alibabacloud.com, which takes a Proxy.
type SSO struct {
	service
	options SSOOptions

	mu              sync.Mutex
	access, refresh string
}

// StartSSO serves until Close is called, ctx ends or the sandbox does.
func (s *Sandbox) StartSSO(ctx context.Context, o SSOOptions) (*SSO, error) {
	t := &SSO{options: o}
	t.login()
	t.service = service{sandbox: s, product: "SSO", admit: t.admit}
	if err := t.startFor(ctx, "SSO", o.Addr, s.authority); err != nil {
		return nil, err
	}
	return t, nil
}

// AccessToken is what turns into sessions, until OAuth's refresh token has been used.
func (t *SSO) AccessToken() string {
	access, _ := t.tokens()
	return access
}

// RefreshToken is good for one new pair of tokens.
func (t *SSO) RefreshToken() string {
	_, refresh := t.tokens()
	return refresh
}

func (t *SSO) tokens() (access, refresh string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.access, t.refresh
}

func (t *SSO) login() (access, refresh string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access, t.refresh = "access-"+rand.Text(), "refresh-"+rand.Text()
	return t.access, t.refresh
}

func (t *SSO) admit(x *exchange) (operation, *apiError) {
	if x.http.Method != http.MethodPost {
		return operation{}, methodNotSupported("all of this is a POST")
	}
	if x.http.URL.Path == "/v1/token" {
		return operation{serve: t.renew}, nil
	}
	if x.http.Header.Get("Authorization") != "Bearer "+t.AccessToken() {
		return operation{}, unauthenticated("AccessToken", "The access token is not valid.")
	}
	switch x.http.URL.Path {
	case "/cloud-credentials":
		return operation{serve: t.cloudCredentials}, nil
	case "/v1/exchange":
		return operation{serve: t.exchange}, nil
	}
	return operation{}, actionNotFound("there is nothing at this path")
}

// cloudCredentials is CloudSSO's.
func (t *SSO) cloudCredentials(x *exchange, _ []Effect) (*response, *apiError) {
	var asked struct{ AccountId, AccessConfigurationId string } //nolint:revive // the names of the members
	if err := json.Unmarshal(x.body, &asked); err != nil {
		return nil, unparsable("body", err)
	}
	if asked.AccountId == "" || asked.AccessConfigurationId == "" {
		return nil, missingParameter("AccountId, AccessConfigurationId")
	}
	issued := x.sandbox.Issue(Session{By: ByCloudSSO, RoleARN: asked.AccountId + "/" + asked.AccessConfigurationId}, t.options.Lifetime)
	return plainResponse(jsonType, marshal(map[string]any{"RequestId": x.requestID, "CloudCredential": credentialsOf(issued)})), nil
}

// exchange is OAuth's, whose names begin with small letters.
func (t *SSO) exchange(x *exchange, _ []Effect) (*response, *apiError) {
	issued := credentialsOf(x.sandbox.Issue(Session{By: ByOAuth}, t.options.Lifetime))
	return plainResponse(jsonType, marshal(map[string]any{
		"requestId": x.requestID, "accessKeyId": issued.AccessKeyID, "accessKeySecret": issued.AccessKeySecret,
		"securityToken": issued.SecurityToken, "expiration": issued.Expiration,
	})), nil
}

// renew is how OAuth's access token is made new. The former tokens are good for nothing then.
func (t *SSO) renew(x *exchange, _ []Effect) (*response, *apiError) {
	form, refused := x.readForm()
	if refused != nil {
		return nil, refused
	}
	if form.Get("grant_type") != "refresh_token" || form.Get("client_id") == "" || form.Get("refresh_token") != t.RefreshToken() {
		return nil, badRequest("invalid_grant", "The refresh token is not valid.")
	}
	access, refresh := t.login()
	return plainResponse(jsonType, marshal(map[string]any{
		"access_token": access, "refresh_token": refresh, "expires_in": 3600, "token_type": "Bearer",
	})), nil
}
