package paisandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/signature"
)

// startSandbox starts a sandbox and closes it at the end of the test.
func startSandbox(t *testing.T, o Options) *Sandbox {
	t.Helper()
	s, err := Start(t.Context(), o)
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

// caller signs and sends requests. A test can set fields to send invalid requests.
type caller struct {
	s                 *Sandbox
	http              *http.Client
	id, secret, token string
	beforeSigning     func(*http.Request)
	unsigned          []string // headers to omit from the signature
	afterSigning      func(*http.Request)
}

// newCaller returns a caller with the sandbox's current credentials.
func newCaller(s *Sandbox) *caller {
	id, k := s.keys.current()
	transport := &http.Transport{ForceAttemptHTTP2: true}
	if pem := s.CertificatePEM(); len(pem) > 0 {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	return &caller{s: s, http: client, id: id, secret: k.secret, token: k.token}
}

// newSessionCaller returns a caller with the credentials of a session.
func newSessionCaller(s *Sandbox, session Session) *caller {
	c := newCaller(s)
	c.id, c.secret, c.token = session.AccessKeyID, session.AccessKeySecret, session.SecurityToken
	return c
}

func (c *caller) newRequest(ctx context.Context, t *testing.T, target string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.s.URL()+target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	op, ok := operationAt(r.URL)
	if !ok {
		op.action = "ListImages"
	}
	for name, value := range map[string]string{
		"X-Acs-Action": op.action, "X-Acs-Version": apiVersion, "X-Acs-Content-Sha256": signature.HexSHA256(nil),
		"X-Acs-Date": c.s.now().UTC().Format(dateFormat), "X-Acs-Signature-Nonce": newRequestID(),
	} {
		r.Header.Set(name, value)
	}
	if c.token != "" {
		r.Header.Set("X-Acs-Security-Token", c.token)
	}
	if c.beforeSigning != nil {
		c.beforeSigning(r)
	}
	signed := []string{"host"}
	for name := range r.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-acs-") || lower == "content-type" {
			signed = append(signed, lower)
		}
	}
	signed = slices.DeleteFunc(signed, func(name string) bool { return slices.Contains(c.unsigned, name) })
	slices.Sort(signed)
	canonical := signature.CanonicalRequest(r, r.URL.Query(), signed, r.Header.Get("X-Acs-Content-Sha256"))
	r.Header.Set("Authorization", signature.Algorithm+" Credential="+c.id+
		",SignedHeaders="+strings.Join(signed, ";")+",Signature="+signature.Sign(c.secret, signature.StringToSign(canonical)))
	if c.afterSigning != nil {
		c.afterSigning(r)
	}
	return r
}

// result is a response with its body read.
type result struct {
	*http.Response
	body []byte
}

// do sends a request and reads the response. If reading the body fails, it returns the part that was read, and the
// error.
func (c *caller) do(ctx context.Context, t *testing.T, target string) (result, error) {
	t.Helper()
	response, err := c.http.Do(c.newRequest(ctx, t, target))
	if err != nil {
		return result{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return result{response, body}, err
}

// get sends a request and returns the response, even if its status is an error.
func (c *caller) get(t *testing.T, target string) result {
	t.Helper()
	r, err := c.do(t.Context(), t, target)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// list sends a ListImages request and returns the page.
func (c *caller) list(t *testing.T, query string) listImagesResponse {
	t.Helper()
	return getPage[listImagesResponse](t, c, imagesPath+"?"+query)
}

// getPage sends a request and returns the decoded response. The request must succeed.
func getPage[T any](t *testing.T, c *caller, target string) (page T) {
	t.Helper()
	r := c.get(t, target)
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s: got %s: %s", target, r.Status, r.body)
	}
	decodeStrictly(t, r.body, &page)
	return page
}

// apiError returns the API error in the response.
func (r result) apiError(t *testing.T) errorBody {
	t.Helper()
	var e errorBody
	decodeStrictly(t, r.body, &e)
	if e.RequestID == "" || e.RequestID != r.Header.Get("X-Acs-Request-Id") || e.HostID == "" ||
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

func imageIDs(images []Image) []string {
	var ids []string
	for _, i := range images {
		ids = append(ids, i.ImageID.Or(""))
	}
	return ids
}

// waitForNoRequests waits until no request is in progress.
func waitForNoRequests(t *testing.T, s *Sandbox) {
	t.Helper()
	inProgress := func() (count int) {
		s.log.update(func() { count = s.log.current })
		return count
	}
	for began := time.Now(); inProgress() > 0; time.Sleep(time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatal("a request is still in progress after its client disconnected")
		}
	}
}
