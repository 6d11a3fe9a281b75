package paiclient_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// fuzzCredentials contain characters that URLs, JSON or base64 encode.
var fuzzCredentials = paiclient.StaticCredentials{
	AccessKeyID: "LTAI5tFuzzFuzzFuzzFuzz", AccessKeySecret: "fuzz/secret+with=signs",
	SecurityToken: "CAISfuzz/token+with=signs&more",
}

// onePage makes ListImages send exactly one request if the response is an error or an empty list, because it sets a
// page number and a page size.
var onePage = paiclient.ListImagesInput{PageNumber: 1, PageSize: 100, Verbose: true}

// newFuzzClient returns a client that receives the same response to every request, and the client's transport. The
// client doesn't retry.
func newFuzzClient(t *testing.T, status int, body string, header http.Header) (*paiclient.Client, *fakeTransport) {
	t.Helper()
	transport := &fakeTransport{respond: func(int, *http.Request) *http.Response {
		response := cannedResponse(status, body)
		if header != nil {
			response.Header = header.Clone()
		}
		return response
	}}
	return newFakeClient(t, transport, func(o *paiclient.Options) {
		o.Credentials, o.MaxRetries, o.MaxConcurrency = fuzzCredentials, 0, 1
	}), transport
}

// checkErrorText checks that err has a known type. It also checks that the text of err is one line of limited length
// without secrets.
func checkErrorText(t *testing.T, err error) {
	t.Helper()
	var (
		apiErr      *paiclient.APIError
		response    *paiclient.ResponseError
		transport   *paiclient.TransportError
		interrupted *paiclient.InterruptedError
		credentials *paiclient.CredentialsError
	)
	if !errors.As(err, &apiErr) && !errors.As(err, &response) && !errors.As(err, &transport) &&
		!errors.As(err, &interrupted) && !errors.As(err, &credentials) {
		t.Errorf("unknown type of error: %#v", err)
	}
	text := err.Error()
	isControl := func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }
	if !utf8.ValidString(text) || strings.ContainsFunc(text, isControl) || utf8.RuneCountInString(text) > 6000 {
		t.Errorf("%d bytes with invalid characters or too long: %q", len(text), text)
	}
	for _, secret := range encodedSecrets() {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in %q", secret, text)
		}
	}
}

// encodedSecrets returns the secrets in each encoding that a server may use when it repeats them.
func encodedSecrets() []string {
	var encoded []string
	for _, secret := range []string{
		fuzzCredentials.AccessKeyID, fuzzCredentials.AccessKeySecret, fuzzCredentials.SecurityToken,
	} {
		encoded = append(encoded,
			secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)))
	}
	return encoded
}

// insertSecrets replaces the placeholders ①, ② and so on with encoded secrets.
func insertSecrets(text string) string {
	for i, secret := range encodedSecrets() {
		text = strings.ReplaceAll(text, string(rune('①'+i)), secret)
	}
	return text
}

func marshalJSON(tb testing.TB, value any) string {
	tb.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	return string(encoded)
}
