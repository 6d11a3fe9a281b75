package paiclient

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient/connection"
)

const (
	signatureAlgorithm  = "ACS3-HMAC-SHA256"
	signatureTimeLayout = "2006-01-02T15:04:05Z"
	apiVersion          = "2021-02-04"
)

// signingTransport signs requests. It runs once per attempt, so that each attempt has its own timestamp and nonce. The
// service accepts a nonce only once, and a timestamp for 15 minutes.
type signingTransport struct {
	next  http.RoundTripper
	now   func() time.Time
	nonce func() string
}

func newSigningTransport(next http.RoundTripper) *signingTransport {
	return &signingTransport{next: next, now: time.Now, nonce: rand.Text}
}

// RoundTrip sends a signed copy of the request. The request's context must contain the apiCall.
func (t *signingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	call := callFrom(ctx)
	call.attempts++
	call.unconnected = nil
	call.sent = time.Now() // applies if the credential source returns an error

	credentials, err := call.client.options.Credentials.Credentials(ctx)
	if err == nil {
		err = credentials.check()
	}
	if err != nil {
		call.countUnreachable(err)
		return nil, &CredentialsError{Err: err}
	}
	call.client.secrets.Add(credentials.AccessKeyID, credentials.AccessKeySecret, credentials.SecurityToken)

	call.credentials = credentials
	call.sent = time.Now()

	signed := request.Clone(ctx)
	t.sign(signed, call.action, apiVersion, credentials)
	response, err := t.next.RoundTrip(signed)
	// The error is kept here, because http.Client replaces it if the request timeout has ended the attempt.
	if call.unconnected, _ = errors.AsType[*connection.Error](err); call.unconnected != nil {
		call.connects++
	} else {
		call.connects = 0
	}
	if err != nil {
		return nil, err
	}
	call.client.failure.Store(nil)
	if _, err := url.Parse(response.Header.Get("Location")); err != nil {
		response.Header.Del("Location") // http.Client would return an error in place of the response
	}
	return response, nil
}

// sign adds the headers of signature version 3 to a request without a body.
func (t *signingTransport) sign(request *http.Request, action, version string, credentials Credentials) {
	emptyBody := sha256.Sum256(nil)
	bodyHash := hex.EncodeToString(emptyBody[:])

	headers := map[string]*string{
		"host":                  dara.String(request.URL.Host),
		"x-acs-action":          dara.String(action),
		"x-acs-version":         dara.String(version),
		"x-acs-date":            dara.String(t.now().UTC().Format(signatureTimeLayout)),
		"x-acs-signature-nonce": dara.String(t.nonce()),
		"x-acs-content-sha256":  dara.String(bodyHash),
	}
	if credentials.SecurityToken != "" {
		headers["x-acs-security-token"] = dara.String(credentials.SecurityToken)
	}
	query := make(map[string]*string)
	for name, values := range request.URL.Query() {
		query[name] = dara.String(values[0])
	}

	for name, value := range headers {
		if name != "host" { // the HTTP transport sets it from the URL
			request.Header.Set(name, *value)
		}
	}
	request.Header.Set("Authorization", *utils.GetAuthorization(
		&dara.Request{
			Method:   dara.String(request.Method),
			Pathname: dara.String(request.URL.EscapedPath()),
			Query:    query,
			Headers:  headers,
		},
		dara.String(signatureAlgorithm), dara.String(bodyHash),
		dara.String(credentials.AccessKeyID), dara.String(credentials.AccessKeySecret),
	))
}

// Credentials contains the keys that sign requests. SecurityToken is empty unless the keys are temporary.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
}

// CheckCredential returns an error if value, a key or a token, contains whitespace or control characters. The error
// doesn't contain the value.
func CheckCredential(value string) error {
	if containsSpaceOrControl(value) {
		return errors.New("contains whitespace or control characters")
	}
	return nil
}

func containsSpaceOrControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

func (c Credentials) check() error {
	for _, part := range []struct{ name, value string }{
		{"AccessKey ID", c.AccessKeyID}, {"AccessKey secret", c.AccessKeySecret}, {"security token", c.SecurityToken},
	} {
		if err := CheckCredential(part.value); err != nil {
			return fmt.Errorf("%s %w", part.name, err)
		}
	}
	return nil
}

// CredentialSource provides the credentials for each attempt. Implementations must be safe for concurrent use.
type CredentialSource interface {
	// Credentials returns the current credentials. If ctx ends first, it returns an error immediately.
	//
	// If the error has a method Temporary() bool that returns true, the client may retry the attempt. If it has a method
	// Unreachable() bool that returns true, the client limits retries as if it could not connect to the API.
	Credentials(ctx context.Context) (Credentials, error)

	// Renew is called after the service rejected the given credentials as expired. It reports whether Credentials can
	// now return different credentials.
	Renew(expired Credentials) bool
}

// StaticCredentials is a CredentialSource whose credentials never change.
type StaticCredentials Credentials

// Credentials returns s and no error.
func (s StaticCredentials) Credentials(context.Context) (Credentials, error) {
	return Credentials(s), nil
}

// Renew returns false, because static credentials can't be renewed.
func (s StaticCredentials) Renew(Credentials) bool { return false }

// renew asks the credential source to renew expired credentials, at most once per call. It reports whether another
// attempt may succeed.
func (a *apiCall) renew() bool {
	if a.renewed {
		return false
	}
	a.renewed = true
	return a.client.options.Credentials.Renew(a.credentials)
}
