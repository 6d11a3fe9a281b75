package paiclient

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"time"

	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"

	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

const (
	signatureAlgorithm = "ACS3-HMAC-SHA256"
	apiVersion         = "2021-02-04"
	signatureTime      = "2006-01-02T15:04:05Z"
)

// signingTransport signs every request that passes. It stands inside the retries, so that each attempt has its own
// date and nonce: the service takes a nonce once and a date for 15 minutes.
type signingTransport struct {
	next    http.RoundTripper
	source  CredentialSource
	secrets *scrub.Scrubber
	now     func() time.Time
	nonce   func() string
}

func newSigningTransport(next http.RoundTripper, source CredentialSource, secrets *scrub.Scrubber) *signingTransport {
	return &signingTransport{next: next, source: source, secrets: secrets, now: time.Now, nonce: rand.Text}
}

// RoundTrip sends a signed copy of the request. The action to sign is that of the call in the request's context.
func (t *signingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	current := callFrom(ctx)
	current.attempts++
	current.sent = time.Now() // for attempts that end here

	credentials, err := t.source.Credentials(ctx)
	if err == nil {
		err = credentials.check()
	}
	if err != nil {
		return nil, &CredentialsError{Err: err}
	}
	t.secrets.Add(credentials.AccessKeyID, credentials.AccessKeySecret, credentials.SecurityToken)

	current.credentials = credentials
	current.sent = time.Now()

	signed := request.Clone(ctx)
	t.sign(signed, current.action, apiVersion, credentials)
	response, err := t.next.RoundTrip(signed)
	if err != nil {
		return nil, err
	}
	if _, unreadable := url.Parse(response.Header.Get("Location")); unreadable != nil {
		response.Header.Del("Location") // http.Client would make a broken connection of it, and no redirect
	}
	return response, nil
}

// sign sets the headers of the V3 signature on a request without a body.
func (t *signingTransport) sign(request *http.Request, action, version string, credentials Credentials) {
	emptyBody := sha256.Sum256(nil)
	bodyHash := hex.EncodeToString(emptyBody[:])

	headers := map[string]*string{
		"host":                  dara.String(request.URL.Host),
		"x-acs-action":          dara.String(action),
		"x-acs-version":         dara.String(version),
		"x-acs-date":            dara.String(t.now().UTC().Format(signatureTime)),
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
		if name != "host" { // the transport writes it from the URL
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
