package paiclient_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// fuzzed are the credentials of fuzz targets: each has what makes it another text in a URL, in JSON or in base64.
var fuzzed = paiclient.StaticCredentials{
	AccessKeyID: "LTAI5tFuzzFuzzFuzzFuzz", AccessKeySecret: "fuzz/secret+with=signs", SecurityToken: "CAISfuzz/token+with=signs&more",
}

// canned answers every request alike, without a network: fuzzing sends some thousand of them in a second.
type canned struct {
	status int
	header http.Header
	body   []byte
	asked  []*http.Request
}

func (c *canned) RoundTrip(request *http.Request) (*http.Response, error) {
	c.asked = append(c.asked, request)
	return &http.Response{
		StatusCode: c.status, Header: c.header, Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: int64(len(c.body)), Request: request,
	}, nil
}

// answered is a client that gets this answer, and no second attempt.
func answered(t *testing.T, answer *canned) *paiclient.Client {
	t.Helper()
	client, err := paiclient.New(paiclient.Options{
		Endpoint: &url.URL{Scheme: "https", Host: "api.example.com"}, Credentials: fuzzed,
		RequestTimeout: paiclient.DefaultRequestTimeout, MaxConcurrency: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	if answer.header == nil {
		answer.header = http.Header{}
	}
	client.AnswerWith(answer)
	return client
}

// checkShown: an error is of a kind that callers know, on one line, no longer than a screen, and without secrets.
func checkShown(t *testing.T, err error) {
	t.Helper()
	var (
		api         *paiclient.APIError
		response    *paiclient.ResponseError
		transport   *paiclient.TransportError
		interrupted *paiclient.InterruptedError
		credentials *paiclient.CredentialsError
	)
	if !errors.As(err, &api) && !errors.As(err, &response) && !errors.As(err, &transport) && !errors.As(err, &interrupted) && !errors.As(err, &credentials) {
		t.Errorf("an error of no known kind: %#v", err)
	}
	text := err.Error()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) || utf8.RuneCountInString(text) > 6000 {
		t.Errorf("not fit to be shown, %d bytes: %q", len(text), text)
	}
	for _, secret := range secretsInEveryForm() {
		if strings.Contains(text, secret) {
			t.Errorf("%q is left in %q", secret, text)
		}
	}
}

// secretsInEveryForm are the forms in which a server repeats what was signed.
func secretsInEveryForm() []string {
	var all []string
	for _, secret := range []string{fuzzed.AccessKeyID, fuzzed.AccessKeySecret, fuzzed.SecurityToken} {
		all = append(all, secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)))
	}
	return all
}

// withSecrets puts secrets in the place of the characters ①, ②, … of a text.
func withSecrets(text string) string {
	for i, secret := range secretsInEveryForm() {
		text = strings.ReplaceAll(text, string(rune('①'+i)), secret)
	}
	return text
}
