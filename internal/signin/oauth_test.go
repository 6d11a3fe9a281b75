package signin

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// oauthLogin is a profile of mode OAuth, in a file in the home directory of env, and the server of its tokens.
type oauthLogin struct {
	sandbox *paisandbox.Sandbox
	sso     *identity.SSO
	env     Env
	file    string
}

// useOAuth starts a server for OAuth and writes a profile whose access token is still valid. The members replace those
// of the profile.
func useOAuth(t *testing.T, members map[string]any) *oauthLogin {
	t.Helper()
	s := startSandbox(t)
	sso, err := identity.StartSSO(t.Context(), s, identity.SSOOptions{Lifetime: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	useProxy(t, map[string]string{"oauth.aliyun.com:443": sso.Host()})
	l := &oauthLogin{sandbox: s, sso: sso, env: newEnv(t)}
	all := map[string]any{
		"mode": "OAuth", "oauth_site_type": "cn", "odd_member": 1,
		"oauth_access_token": sso.AccessToken(), "oauth_refresh_token": sso.RefreshToken(),
		"oauth_access_token_expire": time.Now().Add(time.Hour).Unix(),
	}
	maps.Copy(all, members)
	l.file = writeFile(t, l.env.Home, cliConfig, oneProfile(t, all))
	return l
}

// members returns the profile in the file.
func (l *oauthLogin) members(t *testing.T) map[string]any {
	t.Helper()
	content, err := os.ReadFile(l.file)
	var config struct{ Profiles []map[string]any }
	if err := errors.Join(err, json.Unmarshal(content, &config)); err != nil {
		t.Fatal(err)
	}
	return config.Profiles[0]
}

// set changes members of the profile in the file.
func (l *oauthLogin) set(t *testing.T, changed map[string]any) {
	t.Helper()
	members := l.members(t)
	maps.Copy(members, changed)
	writeFile(t, l.env.Home, cliConfig, oneProfile(t, members))
}

// checkRequests compares the paths of the requests with the wanted ones.
func (l *oauthLogin) checkRequests(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, r := range l.sso.Requests() {
		got = append(got, r.Path)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("requests %v, want %v", got, want)
	}
}

// cached returns the members of a session that expires after the given time.
func (l *oauthLogin) cached(lifetime time.Duration) (paiclient.Credentials, map[string]any) {
	keys := credentialsOf(l.sandbox.Issue(paisandbox.Session{By: "cache"}, time.Hour))
	return keys, map[string]any{
		"access_key_id": keys.AccessKeyID, "access_key_secret": keys.AccessKeySecret,
		"sts_token": keys.SecurityToken, "sts_expiration": time.Now().Add(lifetime).Unix(),
	}
}

const (
	tokenPath    = "/v1/token"
	exchangePath = "/v1/exchange"
)

var expiredAccessToken = map[string]any{"oauth_access_token_expire": 1}

// TestProfileOfOAuth fetches a session three times: with the access token, from the file, and with the refresh token.
func TestProfileOfOAuth(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, nil)
	first, err := fetch(t, Configuration{}, l.env)
	checkLastSession(t, first, err, l.sandbox, identity.ByOAuth)
	members := l.members(t)
	if members["oauth_refresh_token"] != l.sso.RefreshToken() || members["access_key_id"] != first.AccessKeyID ||
		members["odd_member"] != 1.0 {
		t.Errorf("the file has the profile %v", members)
	}
	got, err := fetch(t, Configuration{}, l.env)
	checkCredentials(t, got, err, first)
	l.checkRequests(t, exchangePath)

	spent := l.sso.RefreshToken()
	l.set(t, map[string]any{"oauth_access_token_expire": 1, "sts_expiration": 1})
	got, err = fetch(t, Configuration{}, l.env)
	checkLastSession(t, got, err, l.sandbox, identity.ByOAuth)
	l.checkRequests(t, exchangePath, tokenPath, exchangePath)
	members = l.members(t)
	if members["oauth_refresh_token"] != l.sso.RefreshToken() || members["oauth_refresh_token"] == spent ||
		members["oauth_access_token"] != l.sso.AccessToken() || members["access_key_id"] != got.AccessKeyID {
		t.Errorf("the file has the profile %v", members)
	}
	if expires := members["oauth_access_token_expire"].(float64); expires < float64(time.Now().Unix()+3000) {
		t.Errorf("the access token expires at %f", expires)
	}
}

// TestCachedOAuthSession checks when the session in the file is used.
func TestCachedOAuthSession(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	for name, test := range map[string]struct { //nolint:paralleltest // as above
		lifetime      time.Duration
		serverFails   bool
		fromFile, err bool
	}{
		"valid":                 {time.Hour, true, true, false},
		"short":                 {refreshBefore - time.Minute, false, false, false},
		"short, server fails":   {refreshBefore - time.Minute, true, true, false},
		"expired":               {-time.Second, false, false, false},
		"expired, server fails": {-time.Second, true, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := useOAuth(t, nil)
			cached, members := l.cached(test.lifetime)
			l.set(t, members)
			if test.serverFails {
				l.sso.AddFault(paisandbox.Fault{Do: paisandbox.ServerError(502)})
			}
			got, err := fetch(t, Configuration{}, l.env)
			if (err != nil) != test.err || (got == cached) != test.fromFile {
				t.Errorf("credentials %v, error %v; want those of the file: %t, error: %t", got, err, test.fromFile, test.err)
			}
			if test.err {
				checkError(t, err, `the profile "it" of `+l.file, "get a session", "HTTP 502")
			}
		})
	}
}

// TestRefusedOAuthSession checks that a session that the API or STS refuses is not read from the file again.
func TestRefusedOAuthSession(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, nil)
	cached, members := l.cached(time.Hour)
	l.set(t, members)
	source := find(t, Configuration{}, l.env).Credentials
	got, err := source.Credentials(t.Context())
	checkCredentials(t, got, err, cached)
	source.Renew(got)
	got, err = source.Credentials(t.Context())
	checkLastSession(t, got, err, l.sandbox, identity.ByOAuth)

	l = useOAuth(t, nil)
	_, members = l.cached(time.Hour)
	l.set(t, members)
	l.sandbox.ExpireSessions()
	sts := startSTS(t, l.sandbox, identity.STSOptions{})
	arn := testRole("r")
	got, err = fetch(t, Configuration{AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: sts.Host()}, l.env)
	checkLastSession(t, got, err, l.sandbox, identity.ByAssumeRole)
}

func TestUnsupportedOAuthSite(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	file := writeFile(t, env.Home, "file", oneProfile(t, map[string]any{"mode": "OAuth", "oauth_site_type": "MARS"}))
	_, err := fetch(t, Configuration{SharedCredentialsFile: file}, env)
	checkArgument(t, err, "shared_credentials_file", "oauth_site_type` \"MARS\"", "CN, INTL")
}
