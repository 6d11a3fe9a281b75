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
	call.sent = time.Now() // applies if the credential source returns an error

	credentials, err := call.client.options.Credentials.Credentials(ctx)
	if err == nil {
		err = credentials.check()
	}
	if err != nil {
		return nil, &CredentialsError{Err: err}
	}
	call.client.secrets.Add(credentials.AccessKeyID, credentials.AccessKeySecret, credentials.SecurityToken)

	call.credentials = credentials
	call.sent = time.Now()

	signed := request.Clone(ctx)
	t.sign(signed, call.action, apiVersion, credentials)
	response, err := t.next.RoundTrip(signed)
	if err != nil {
		return nil, err
	}
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
