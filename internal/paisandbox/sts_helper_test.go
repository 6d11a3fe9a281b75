package paisandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what signatures of version 1.0 are made with
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const testRole = "acs:ram::1234:role/reader"

func startSTS(t *testing.T, s *Sandbox, o STSOptions) *STS {
	t.Helper()
	sts, err := s.StartSTS(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return sts
}

// trusting is a client that trusts nothing but a server's certificate.
func trusting(pem []byte) *http.Client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}},
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// rpc asks an STS as the vendor's documentation says, unless a test bends it.
type rpc struct {
	sts        *STS
	method     string
	id, secret string
	token      string
	common     map[string]string // in the query
	form       map[string]string // in the body, or in the query where the method is GET
	signed     func()            // bends what was signed
	kind       string            // of the body
}

// newRPC is one to assume a role with the static keys.
func newRPC(sts *STS) *rpc {
	id, k := sts.sandbox.keys.current()
	return &rpc{
		sts: sts, method: http.MethodPost, id: id, secret: k.secret, token: k.token, kind: "application/x-www-form-urlencoded",
		common: map[string]string{
			"Action": "AssumeRole", "Version": "2015-04-01", "Format": "JSON", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
			"SignatureNonce": newRequestID(), "Timestamp": sts.sandbox.now().UTC().Format("2006-01-02T15:04:05Z"),
		},
		form: map[string]string{"RoleArn": testRole, "RoleSessionName": "me"},
	}
}

// newOIDC is one to assume a role with an identity provider's token.
func newOIDC(sts *STS, token string) *rpc {
	r := newRPC(sts)
	r.id = ""
	r.common = map[string]string{"Action": "AssumeRoleWithOIDC", "Version": "2015-04-01", "Format": "JSON", "Timestamp": r.common["Timestamp"]}
	r.form["OIDCProviderArn"], r.form["OIDCToken"] = "acs:ram::1234:oidc-provider/ci", token
	return r
}

func (r *rpc) with(session Session) *rpc {
	r.id, r.secret, r.token = session.AccessKeyID, session.AccessKeySecret, session.SecurityToken
	return r
}

// sign is written from the documentation's words, apart from the sandbox's own.
func (r *rpc) sign() {
	all := maps.Clone(r.common)
	maps.Copy(all, r.form)
	escape := strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~")
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, escape.Replace(url.QueryEscape(name))+"="+escape.Replace(url.QueryEscape(all[name])))
	}
	mac := hmac.New(sha1.New, []byte(r.secret+"&"))
	_, _ = io.WriteString(mac, r.method+"&%2F&"+escape.Replace(url.QueryEscape(strings.Join(pairs, "&"))))
	r.common["Signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (r *rpc) ask(t *testing.T) result {
	t.Helper()
	if r.id != "" {
		r.common["AccessKeyId"] = r.id
		if r.token != "" {
			r.common["SecurityToken"] = r.token
		}
		r.sign()
	}
	if r.signed != nil {
		r.signed()
	}
	query, form := url.Values{}, url.Values{}
	for name, value := range r.common {
		query.Set(name, value)
	}
	for name, value := range r.form {
		form.Set(name, value)
	}
	var body io.Reader = http.NoBody
	if r.method == http.MethodGet {
		maps.Copy(query, form)
	} else {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(t.Context(), r.method, r.sts.URL()+"/?"+query.Encode(), body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", r.kind)
	return fetch(t, trusting(r.sts.CertificatePEM()), request)
}

// session asks for one and expects it.
func (r *rpc) session(t *testing.T) assumeRoleAnswer {
	t.Helper()
	a := r.ask(t)
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", a.Status, a.body)
	}
	var got assumeRoleAnswer
	decodeStrictly(t, a.body, &got)
	return got
}

// fetch sends a request and reads the whole answer.
func fetch(t *testing.T, client *http.Client, request *http.Request) result {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return result{response, body}
}
