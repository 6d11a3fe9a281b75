package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the algorithm of signature version 1.0
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func startSTS(t *testing.T, s *paisandbox.Sandbox, o STSOptions) *STS {
	t.Helper()
	sts, err := StartSTS(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return sts
}

// rpc is a request to an STS. It follows the vendor's documentation unless a test changes it.
type rpc struct {
	sts               *STS
	method            string
	id, secret, token string            // the request is not signed if id is empty
	query             map[string]string // parameters in the query
	form              map[string]string // parameters in the body, or in the query of a GET
	contentType       string            // content type of the body
	afterSigning      func()            // changes the signed request
}

// newRPC returns a request for AssumeRole with the default keys.
func newRPC(sts *STS) *rpc {
	return &rpc{
		sts: sts, method: http.MethodPost, id: paisandbox.DefaultAccessKeyID, secret: paisandbox.DefaultAccessKeySecret,
		contentType: "application/x-www-form-urlencoded",
		query: map[string]string{
			"Action": "AssumeRole", "Version": "2015-04-01", "Format": "JSON",
			"SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": rand.Text(),
			"Timestamp": sts.sandbox.Now().UTC().Format("2006-01-02T15:04:05Z"),
		},
		form: map[string]string{"RoleArn": testRole, "RoleSessionName": "me"},
	}
}

// newOIDC returns a request for AssumeRoleWithOIDC with a token.
func newOIDC(sts *STS, token string) *rpc {
	r := newRPC(sts)
	r.id = ""
	r.query = map[string]string{
		"Action": "AssumeRoleWithOIDC", "Version": "2015-04-01", "Format": "JSON", "Timestamp": r.query["Timestamp"],
	}
	r.form["OIDCProviderArn"], r.form["OIDCToken"] = "acs:ram::1234:oidc-provider/ci", token
	return r
}

// signWith makes the request use the credentials of a session.
func (r *rpc) signWith(session paisandbox.Session) *rpc {
	r.id, r.secret, r.token = session.AccessKeyID, session.AccessKeySecret, session.SecurityToken
	return r
}

// sign signs the request. It follows the vendor's documentation and shares no code with the sandbox.
func (r *rpc) sign() {
	if r.id == "" {
		return
	}
	r.query["AccessKeyId"] = r.id
	if r.token != "" {
		r.query["SecurityToken"] = r.token
	}
	parameters := maps.Clone(r.query)
	maps.Copy(parameters, r.form)
	escape := strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~")
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		value := escape.Replace(url.QueryEscape(parameters[name]))
		pairs = append(pairs, escape.Replace(url.QueryEscape(name))+"="+value)
	}
	mac := hmac.New(sha1.New, []byte(r.secret+"&"))
	_, _ = io.WriteString(mac, r.method+"&%2F&"+escape.Replace(url.QueryEscape(strings.Join(pairs, "&"))))
	r.query["Signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// send signs and sends the request.
func (r *rpc) send(t *testing.T) httpResponse {
	t.Helper()
	r.sign()
	if r.afterSigning != nil {
		r.afterSigning()
	}
	query, form := url.Values{}, url.Values{}
	for name, value := range r.query {
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
	request.Header.Set("Content-Type", r.contentType)
	return send(t, newTLSClient(r.sts.CertificatePEM()), request)
}

// session sends the request and returns the session in the response.
func (r *rpc) session(t *testing.T) assumeRoleResponse {
	t.Helper()
	got := r.send(t)
	if got.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", got.Status, got.body)
	}
	var decoded assumeRoleResponse
	decodeStrictly(t, got.body, &decoded)
	return decoded
}

// checkAccepted checks whether the API accepts a session.
func checkAccepted(t *testing.T, s *paisandbox.Sandbox, session paisandbox.Session, want bool) {
	t.Helper()
	r := newRPC(&STS{sandbox: s}).signWith(session)
	r.form = nil
	r.sign()
	values := url.Values{}
	for name, value := range r.query {
		values.Set(name, value)
	}
	if _, errResp := s.AuthenticateRPC(r.method, paisandbox.NewParameters(values)); (errResp == nil) != want {
		t.Errorf("the sandbox accepts %+v: %t, want %t; error response: %+v", session, errResp == nil, want, errResp)
	}
}
