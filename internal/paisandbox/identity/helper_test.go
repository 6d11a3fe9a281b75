package identity

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

const testRole = "acs:ram::1234:role/reader"

// startSandbox starts a sandbox and closes it at the end of the test.
func startSandbox(t *testing.T, o paisandbox.Options) *paisandbox.Sandbox {
	t.Helper()
	s, err := paisandbox.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fakeClock is a clock that a test advances.
type fakeClock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *fakeClock { return &fakeClock{at: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)} }

func (c *fakeClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// httpResponse is an HTTP response with its body read.
type httpResponse struct {
	*http.Response
	body []byte
}

// errorCode returns the code of an error response. It fails the test if the body is incomplete.
func (r httpResponse) errorCode(t *testing.T) string {
	t.Helper()
	return r.errorBody(t).Code
}

type errorBody struct{ RequestId, HostId, Code, Message, Recommend string } //nolint:revive // the names of the members

func (r httpResponse) errorBody(t *testing.T) errorBody {
	t.Helper()
	var e errorBody
	decodeStrictly(t, r.body, &e)
	if e.RequestId == "" || e.RequestId != r.Header.Get("X-Acs-Request-Id") || e.HostId == "" || e.Code == "" ||
		e.Message == "" || e.Recommend == "" {
		t.Errorf("incomplete error: %s", r.body)
	}
	return e
}

func decodeStrictly(t *testing.T, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}

// newTLSClient returns a client that trusts only the certificate in pem. The client doesn't follow redirects.
func newTLSClient(pem []byte) *http.Client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}},
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// send sends a request and reads the whole response.
func send(t *testing.T, client *http.Client, request *http.Request) httpResponse {
	t.Helper()
	r, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return httpResponse{r, body}
}

// fetch sends a request without a body.
func fetch(t *testing.T, client *http.Client, method, url string, header http.Header) httpResponse {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	return send(t, client, r)
}

// getError sends a GET request and returns the error, or nil if there is a response.
func getError(t *testing.T, client *http.Client, address string) error {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(r)
	if err == nil {
		_ = response.Body.Close()
	}
	return err
}
