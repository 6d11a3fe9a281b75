package signin

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/signin/configfile"
)

// checkNoSession checks the error of a profile of mode OAuth.
func (l *oauthLogin) checkNoSession(t *testing.T, want ...string) {
	t.Helper()
	_, err := fetch(t, Configuration{}, l.env)
	checkError(t, err, append(want, `the profile "it" of `+l.file)...)
}

// TestLoginIsKeptIfLockFails checks that the refresh token is not used if the file can't be locked.
func TestLoginIsKeptIfLockFails(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	if err := os.Mkdir(l.file+".lock", 0o700); err != nil {
		t.Fatal(err)
	}
	l.checkNoSession(t, "can't be written", "config.json.lock")
	l.checkRequests(t)
}

// TestLoginIsKeptIfFileIsReadOnly checks that the refresh token is not used if the file can't be replaced, and that a
// valid access token needs no update of the file.
func TestLoginIsKeptIfFileIsReadOnly(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	const name = 250 // long enough that a temporary file beside it has an invalid name, and the lock has not
	for _, members := range []map[string]any{expiredAccessToken, nil} {
		l := useOAuth(t, members)
		file := filepath.Join(l.env.Home, strings.Repeat("x", name))
		if err := os.Rename(l.file, file); err != nil {
			t.Fatal(err)
		}
		source := find(t, Configuration{SharedCredentialsFile: file}, l.env).Credentials
		if members != nil {
			_, err := source.Credentials(t.Context())
			checkError(t, err, "can't be written to the file")
			l.checkRequests(t)
			continue
		}
		advance := setClock(source)
		for range 2 {
			got, err := source.Credentials(t.Context())
			checkLastSession(t, got, err, l.sandbox, identity.ByOAuth)
			advance(keepCredentials)
		}
		l.checkRequests(t, exchangePath)
	}
}

// TestLoginIsKeptIfExchangeFails checks that the new tokens are written before the next request.
func TestLoginIsKeptIfExchangeFails(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	l.sso.AddFault(paisandbox.Fault{Skip: 1, Do: paisandbox.ServerError(502)})
	l.checkNoSession(t, "get a session", "HTTP 502")
	l.checkRequests(t, tokenPath, exchangePath)
	if got := l.members(t)["oauth_refresh_token"]; got != l.sso.RefreshToken() {
		t.Errorf("refresh token %v in the file, want the new one", got)
	}
}

// TestLoginIsKeptIfRefreshIsCancelled checks that the new tokens are written even if the caller no longer waits.
func TestLoginIsKeptIfRefreshIsCancelled(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	source := find(t, Configuration{}, l.env).Credentials
	ctx, cancel := context.WithCancel(t.Context())
	l.sso.BeforeRequest(1, func(*paisandbox.Sandbox) { cancel() })
	if _, err := source.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	got, err := source.Credentials(t.Context())
	checkLastSession(t, got, err, l.sandbox, identity.ByOAuth)
	if got := l.members(t)["oauth_refresh_token"]; got != l.sso.RefreshToken() {
		t.Errorf("refresh token %v in the file, want the new one", got)
	}
	l.checkRequests(t, tokenPath, exchangePath)
}

// TestTokensAreNotWritten checks the error if the new tokens can't be written after all.
func TestTokensAreNotWritten(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	l.sso.BeforeRequest(1, func(*paisandbox.Sandbox) { writeFile(t, l.env.Home, cliConfig, "{") })
	l.checkNoSession(t, "not written", "no longer valid JSON", "aliyun configure --profile it --mode OAuth")
	l.checkRequests(t, tokenPath)
}

// TestLostLoginIsReported checks that the session of an earlier fetch doesn't hide a failed write.
func TestLostLoginIsReported(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	_, members := l.cached(time.Hour)
	l.set(t, members)
	source := find(t, Configuration{}, l.env).Credentials
	advance := setClock(source)
	if _, err := source.Credentials(t.Context()); err != nil {
		t.Fatal(err)
	}
	provider := source.(*cache).provider.(*namedProvider).provider.(*oauthProvider)
	provider.current.expires = time.Now().Add(time.Minute)
	l.set(t, map[string]any{"sts_expiration": 1})
	advance(keepCredentials)
	l.sso.BeforeRequest(1, func(*paisandbox.Sandbox) { writeFile(t, l.env.Home, cliConfig, "{") })
	_, err := source.Credentials(t.Context())
	checkError(t, err, "tokens were not written to "+l.file)
}

// TestSessionIsNotWritten checks the error if the session can't be written after all.
func TestSessionIsNotWritten(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, nil)
	_, members := l.cached(time.Minute)
	l.set(t, members)
	l.sso.BeforeRequest(1, func(*paisandbox.Sandbox) { writeFile(t, l.env.Home, cliConfig, "{") })
	l.checkNoSession(t, "session was not written")
}

// TestTokenUsedByCLI checks that a refresh token that the CLI has just replaced is read again.
func TestTokenUsedByCLI(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	valid := l.sso.RefreshToken()
	l.set(t, map[string]any{"oauth_refresh_token": "hidden-used"})
	l.sso.BeforeRequest(1, func(*paisandbox.Sandbox) { l.set(t, map[string]any{"oauth_refresh_token": valid}) })
	got, err := fetch(t, Configuration{}, l.env)
	checkLastSession(t, got, err, l.sandbox, identity.ByOAuth)
	l.checkRequests(t, tokenPath, tokenPath, exchangePath)
}

// TestNewLoginIsNotReplaced writes a new login to the file while the refresh token is used.
func TestNewLoginIsNotReplaced(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	next := map[string]any{"oauth_refresh_token": "new-refresh", "oauth_access_token": "new-access"}
	l.sso.BeforeRequest(1, func(*paisandbox.Sandbox) { l.set(t, next) })
	got, err := fetch(t, Configuration{}, l.env)
	checkLastSession(t, got, err, l.sandbox, identity.ByOAuth)
	if members := l.members(t); members["oauth_refresh_token"] != "new-refresh" ||
		members["oauth_access_token"] != "new-access" || members["access_key_id"] != nil {
		t.Errorf("the new login was replaced by %v", members)
	}
}

// TestSessionRenewedDuringWait checks that a session is used that another process wrote while it held the lock.
func TestSessionRenewedDuringWait(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	unlock, err := configfile.Lock(t.Context(), l.file)
	if err != nil {
		t.Fatal(err)
	}
	cached, members := l.cached(time.Hour)
	time.AfterFunc(100*time.Millisecond, func() {
		l.set(t, members)
		unlock()
	})
	got, err := fetch(t, Configuration{}, l.env)
	checkCredentials(t, got, err, cached)
	l.checkRequests(t)
}

// TestEndedLogin checks the errors of a login that can't be renewed.
func TestEndedLogin(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, expiredAccessToken)
	l.set(t, map[string]any{"oauth_refresh_token": "hidden-used"})
	_, err := fetch(t, Configuration{}, l.env)
	checkError(t, err, "renew the login", "HTTP 400, code invalid_grant", "aliyun configure --profile it --mode OAuth")
	l.set(t, map[string]any{"oauth_refresh_token": "", "oauth_access_token": ""})
	_, err = fetch(t, Configuration{}, l.env)
	checkError(t, err, "no login", "aliyun configure --profile it --mode OAuth")
}

// TestOAuthRedirectIsRefused checks that the access token is not sent to the target of a redirect.
func TestOAuthRedirectIsRefused(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	l := useOAuth(t, nil)
	l.sso.AddFault(paisandbox.Fault{Do: paisandbox.Redirect(l.sso.URL() + "/target")})
	_, err := fetch(t, Configuration{}, l.env)
	checkError(t, err, "HTTP 30")
	l.checkRequests(t, exchangePath)
}
