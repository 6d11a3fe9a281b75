package signin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// oauthSite is a site for the CLI's OAuth login. The URLs, client IDs and requests are those in the source code of
// github.com/aliyun/credentials-go.
//
// This package sends the requests itself, because the library's provider discards the new tokens of a refresh if the
// next request fails. The old refresh token can't be used again, so the login is lost.
type oauthSite struct{ signInURL, clientID string }

var oauthSites = map[string]oauthSite{
	"CN":   {"https://oauth.aliyun.com", "4038181954557748008"},
	"INTL": {"https://oauth.alibabacloud.com", "4103531455503354461"},
}

const oauthTimeout = dialTimeout + requestTimeout

// oauthTokens are the tokens of a login.
type oauthTokens struct {
	access, refresh string
	expires         int64 // when the access token expires, as a Unix time
}

// refresh returns new tokens for a refresh token, which can be used only once.
func (s oauthSite) refresh(ctx context.Context, refreshToken string) (oauthTokens, error) {
	form := url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {refreshToken}, "client_id": {s.clientID},
	}
	var response struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		ExpiresIn    int64  `json:"expires_in"`
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if err := s.post(ctx, "/v1/token", header, form.Encode(), &response); err != nil {
		return oauthTokens{}, err
	}
	if response.AccessToken == "" {
		return oauthTokens{}, safeErrorf("the response of %s has no access token", s.signInURL)
	}
	return oauthTokens{
		access:  response.AccessToken,
		refresh: cmp.Or(response.RefreshToken, refreshToken), // OAuth allows a server to keep the refresh token
		expires: time.Now().Unix() + response.ExpiresIn,
	}, nil
}

// exchange returns a session for an access token, which can be used until it expires.
func (s oauthSite) exchange(ctx context.Context, accessToken string) (session, error) {
	var response struct{ AccessKeyID, AccessKeySecret, SecurityToken, Expiration string }
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + accessToken}}
	if err := s.post(ctx, "/v1/exchange", header, "", &response); err != nil {
		return session{}, err
	}
	if response.AccessKeyID == "" || response.AccessKeySecret == "" || response.SecurityToken == "" {
		return session{}, safeErrorf("the response of %s has no complete session", s.signInURL)
	}
	expires, err := parseExpiration(response.Expiration)
	return session{paiclient.Credentials{
		AccessKeyID: response.AccessKeyID, AccessKeySecret: response.AccessKeySecret, SecurityToken: response.SecurityToken,
	}, expires}, err
}

// post sends a request and decodes the JSON of the response into target.
func (s oauthSite) post(ctx context.Context, path string, header http.Header, body string, target any) error {
	ctx, cancel := context.WithTimeout(ctx, oauthTimeout)
	defer cancel()
	response, err := sendRequest(ctx, http.MethodPost, s.signInURL+path, header, body)
	switch {
	case err != nil:
		return err
	case response.status >= 300 && response.status < 400:
		return redirectError(response.status)
	case response.status != http.StatusOK:
		return &oauthError{s.signInURL, response.status, oauthCode(response.body)}
	case json.Unmarshal(response.body, target) != nil:
		return safeErrorf("the response of %s is not JSON", s.signInURL)
	}
	return nil
}

// oauthError is a response that refuses a request.
type oauthError struct {
	signInURL string
	status    int
	code      string // "" if the response has none
}

// Error returns the status and the code. It omits the description, which may contain a token.
func (e *oauthError) Error() string {
	text := fmt.Sprintf("%s responded with HTTP %d", strings.TrimPrefix(e.signInURL, "https://"), e.status)
	if e.code != "" {
		text += ", code " + e.code
	}
	return text
}

var oauthCodeText = regexp.MustCompile(`^[\w.]{1,64}$`)

// oauthCode returns the error code in a response, or "" if it has none.
func oauthCode(content []byte) string {
	var response struct{ Error, Code string }
	if json.Unmarshal(content, &response) != nil {
		return ""
	}
	if code := cmp.Or(response.Error, response.Code); oauthCodeText.MatchString(code) {
		return code
	}
	return ""
}
