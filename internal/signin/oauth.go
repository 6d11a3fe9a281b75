package signin

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/signin/configfile"
)

// minAccessToken is how long an access token must still be valid to be used.
const minAccessToken = time.Minute

// errNotWritten is part of the errors about a new login or session that can't be written.
var errNotWritten = errors.New("not written")

// isNotWritten reports whether a source could not write a new login or session. The user must see such an error.
func isNotWritten(err error) bool {
	failure, ok := errors.AsType[*sourceError](err)
	return ok && errors.Is(failure.err, errNotWritten)
}

// renewing is locked for reading while a login is renewed. The program must not end during that time.
var renewing sync.RWMutex

// Wait waits until no login is being renewed, but at most for the given time. After the call, no renewal can start. The
// program calls Wait before it ends.
func Wait(atMost time.Duration) {
	ended := make(chan struct{})
	go func() {
		renewing.Lock()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(atMost):
	}
}

// oauthProvider returns the session of a profile of mode OAuth. The file of the profile contains the session and two
// tokens: the access token can be exchanged for a session, and the refresh token for two new tokens. A refresh token
// can be used only once, so the provider writes the new tokens to the file before it does anything else.
type oauthProvider struct {
	profile fileProfile
	site    oauthSite

	current session // the zero value if there is none
}

func (p fileProfile) openOAuth(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	name := strings.ToUpper(members.stringMember("oauth_site_type"))
	site, ok := oauthSites[name]
	if !ok {
		return nil, p.errorf("has the unsupported `oauth_site_type` %q: use one of %s",
			name, strings.Join(slices.Sorted(maps.Keys(oauthSites)), ", "))
	}
	return &oauthProvider{profile: p, site: site}, nil
}

// GetProviderName returns the name that the library's provider has. The library sends it to STS.
func (*oauthProvider) GetProviderName() string { return "oauth" }

// GetCredentials is GetCredentialsContext for a caller without a context.
func (p *oauthProvider) GetCredentials() (*providers.Credentials, error) {
	return p.GetCredentialsContext(context.Background())
}

// GetCredentialsContext returns the session in the file, and renews it three minutes before it expires. If that fails,
// it returns the session until it expires.
func (p *oauthProvider) GetCredentialsContext(ctx context.Context) (*providers.Credentials, error) {
	if !p.isValid(refreshBefore) {
		members, err := p.profile.read()
		if err == nil {
			p.load(members)
		}
		if !p.isValid(refreshBefore) {
			err = p.renew(ctx)
		}
		if err != nil && !p.isValid(0) {
			return nil, err
		}
	}
	return libraryCredentials(p.current.Credentials, p.GetProviderName()), nil
}

// isValid reports whether the session will still be valid after the given time.
func (p *oauthProvider) isValid(after time.Duration) bool {
	return time.Until(p.current.expires) > after && !isRefused(p.current.Credentials)
}

// load replaces the current session with that of the file, if that is complete and expires later.
func (p *oauthProvider) load(members cliProfile) {
	expires := time.Unix(members.intMember("sts_expiration"), 0)
	isLonger := expires.After(p.current.expires) || !p.isValid(0)
	if members.hasAll("access_key_id", "access_key_secret", "sts_token") && isLonger {
		p.current = session{paiclient.Credentials(members.keys()), expires}
	}
}

// renew fetches a session, with new tokens if necessary, and writes both to the file.
func (p *oauthProvider) renew(ctx context.Context) error {
	unlock, writeErr := configfile.Lock(ctx, p.profile.file)
	if err := ctx.Err(); err != nil {
		return err
	}
	if writeErr == nil {
		defer unlock()
		writeErr = configfile.CheckWritable(p.profile.file)
	}
	members, err := p.profile.read() // another process may have renewed the session
	if err != nil {
		return err
	}
	if p.load(members); p.isValid(refreshBefore) {
		return nil
	}
	accessToken, err := p.accessToken(ctx, members, writeErr)
	if err != nil {
		return err
	}
	next, err := p.site.exchange(ctx, accessToken)
	if err != nil {
		return p.refused("get a session", err)
	}
	p.current = next
	if writeErr != nil {
		return nil // nothing is lost: the access token in the file remains valid
	}
	return p.writeSession(accessToken)
}

// accessToken returns the access token of the profile. If it has expired, it uses the refresh token and writes the new
// tokens to the file. It doesn't use the refresh token if writeErr is set, because the new tokens would be lost.
func (p *oauthProvider) accessToken(ctx context.Context, members cliProfile, writeErr error) (string, error) {
	for {
		if token, ok := validAccessToken(members); ok {
			return token, nil
		}
		spent := members.stringMember("oauth_refresh_token")
		switch {
		case spent == "":
			return "", safeErrorf("the profile has no login: run `%s`", p.loginCommand())
		case writeErr != nil:
			return "", safeErrorf("the login must be renewed, but the new login can't be written to the file: %w", writeErr)
		}
		accessToken, err := p.renewLogin(ctx, spent)
		if err == nil {
			return accessToken, nil
		}
		// The CLI, which doesn't know the lock, may have used the refresh token a moment earlier.
		latest, readErr := p.profile.read()
		if readErr != nil || latest.stringMember("oauth_refresh_token") == spent {
			return "", p.refused("renew the login", err)
		}
		members = latest
	}
}

// renewLogin uses the refresh token and writes the new tokens to the file. It continues after ctx has ended, because
// otherwise the login would be lost.
func (p *oauthProvider) renewLogin(ctx context.Context, refreshToken string) (accessToken string, err error) {
	renewing.RLock()
	defer renewing.RUnlock()
	if err := ctx.Err(); err != nil {
		return "", err
	}
	tokens, err := p.site.refresh(context.WithoutCancel(ctx), refreshToken)
	if err != nil {
		return "", err
	}
	return tokens.access, p.writeTokens(refreshToken, tokens)
}

// validAccessToken returns the access token of the profile. ok is false if the token must be renewed.
func validAccessToken(members cliProfile) (token string, ok bool) {
	token = members.stringMember("oauth_access_token")
	expires := time.Unix(members.intMember("oauth_access_token_expire"), 0)
	canRefresh := members.hasAll("oauth_refresh_token")
	return token, token != "" && (time.Until(expires) > minAccessToken || !canRefresh)
}

// writeTokens writes new tokens to the file. It doesn't replace another login that was written in the meantime.
func (p *oauthProvider) writeTokens(spent string, tokens oauthTokens) error {
	err := p.profile.update(func(current cliProfile) map[string]any {
		if current.stringMember("oauth_refresh_token") != spent {
			return nil
		}
		return map[string]any{
			"oauth_access_token": tokens.access, "oauth_refresh_token": tokens.refresh,
			"oauth_access_token_expire": tokens.expires,
		}
	})
	if err != nil {
		p.current = session{}
		return safeErrorf("the refresh token was used, but the new tokens were %w to %s: %w; log in again with `%s`",
			errNotWritten, p.profile.file, err, p.loginCommand())
	}
	return nil
}

// writeSession writes the session to the file, unless another login was written in the meantime.
func (p *oauthProvider) writeSession(accessToken string) error {
	err := p.profile.update(func(current cliProfile) map[string]any {
		if current.stringMember("oauth_access_token") != accessToken {
			return nil
		}
		return map[string]any{
			"access_key_id": p.current.AccessKeyID, "access_key_secret": p.current.AccessKeySecret,
			"sts_token": p.current.SecurityToken, "sts_expiration": p.current.expires.Unix(),
		}
	})
	if err != nil {
		p.current = session{}
		return safeErrorf("the session was %w to %s: %w", errNotWritten, p.profile.file, err)
	}
	return nil
}

// refused adds the action, which is the purpose of the request, to an error of the server. If the server refused the
// token, it also adds the command that logs in again.
func (p *oauthProvider) refused(action string, err error) error {
	if refusal, ok := errors.AsType[*oauthError](err); ok {
		if refusal.status < http.StatusInternalServerError && refusal.status != http.StatusTooManyRequests {
			return safeErrorf("%s: %w: log in again with `%s`", action, err, p.loginCommand())
		}
		return safeErrorf("%s: %w", action, err)
	}
	return err
}

func (p *oauthProvider) loginCommand() string {
	return "aliyun configure --profile " + p.profile.name + " --mode OAuth"
}
