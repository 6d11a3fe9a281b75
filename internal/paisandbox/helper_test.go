package paisandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// start runs a sandbox for the length of a test.
func start(t *testing.T, o Options) *Sandbox {
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

// caller signs and sends requests as a client should, unless a test bends it.
type caller struct {
	s                 *Sandbox
	http              *http.Client
	id, secret, token string
	before            func(*http.Request) // changes what is signed
	unsigned          []string            // headers left out of the signature
	after             func(*http.Request) // changes what was signed
}

func newCaller(s *Sandbox) *caller {
	id, k := s.keys.current()
	transport := &http.Transport{ForceAttemptHTTP2: true}
	if pem := s.CertificatePEM(); len(pem) > 0 {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &caller{s: s, http: &http.Client{Transport: transport, Timeout: 20 * time.Second}, id: id, secret: k.secret, token: k.token}
}

func (c *caller) request(ctx context.Context, t *testing.T, target string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.s.URL()+target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	action := "ListImages"
	if strings.HasPrefix(r.URL.Path, imagesPath+"/") {
		action = "GetImage"
	}
	for name, value := range map[string]string{
		"X-Acs-Action": action, "X-Acs-Version": apiVersion, "X-Acs-Content-Sha256": hexSHA256(nil),
		"X-Acs-Date": c.s.now().UTC().Format(dateFormat), "X-Acs-Signature-Nonce": newRequestID(),
	} {
		r.Header.Set(name, value)
	}
	if c.token != "" {
		r.Header.Set("X-Acs-Security-Token", c.token)
	}
	if c.before != nil {
		c.before(r)
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
	text := stringToSign(canonicalRequest(r, r.URL.Query(), signed, r.Header.Get("X-Acs-Content-Sha256")))
	r.Header.Set("Authorization", signatureAlgorithm+" Credential="+c.id+",SignedHeaders="+strings.Join(signed, ";")+",Signature="+sign(c.secret, text))
	if c.after != nil {
		c.after(r)
	}
	return r
}

// answer is a response with its body read.
type result struct {
	*http.Response
	body []byte
}

// try sends a request and hands out the error of reading the answer, too.
func (c *caller) try(ctx context.Context, t *testing.T, target string) (result, error) {
	t.Helper()
	response, err := c.http.Do(c.request(ctx, t, target))
	if err != nil {
		return result{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return result{response, body}, err
}

func (c *caller) get(t *testing.T, target string) result {
	t.Helper()
	a, err := c.try(t.Context(), t, target)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// list asks for a page and expects one.
func (c *caller) list(t *testing.T, query string) listImagesResponse {
	t.Helper()
	a := c.get(t, imagesPath+"?"+query)
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %s", query, a.Status, a.body)
	}
	var page listImagesResponse
	decodeStrictly(t, a.body, &page)
	return page
}

// refused is the error that a request gets.
func (r result) apiError(t *testing.T) errorBody {
	t.Helper()
	var e errorBody
	decodeStrictly(t, r.body, &e)
	if e.RequestID == "" || e.RequestID != r.Header.Get("X-Acs-Request-Id") || e.HostID == "" || e.Message == "" || e.Recommend == "" {
		t.Errorf("incomplete error: %s", r.Body)
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
	var all []string
	for _, i := range images {
		all = append(all, i.ImageID.Or(""))
	}
	return all
}

func values(pairs ...string) string {
	v := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		v.Add(pair[0], pair[1])
	}
	return v.Encode()
}
