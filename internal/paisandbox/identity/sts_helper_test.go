package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // what signatures of version 1.0 are made with
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
	return &rpc{
		sts: sts, method: http.MethodPost, id: paisandbox.DefaultAccessKeyID, secret: paisandbox.DefaultAccessKeySecret, kind: "application/x-www-form-urlencoded",
		common: map[string]string{
			"Action": "AssumeRole", "Version": "2015-04-01", "Format": "JSON", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
			"SignatureNonce": rand.Text(), "Timestamp": sts.sandbox.Now().UTC().Format("2006-01-02T15:04:05Z"),
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

func (r *rpc) with(session paisandbox.Session) *rpc {
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

// admits reports whether the sandbox accepts a session.
func admits(s *paisandbox.Sandbox, session paisandbox.Session) bool {
	r := newRPC(&STS{sandbox: s}).with(session)
	r.form = nil
	r.addSignature()
	values := url.Values{}
	for name, value := range r.common {
		values.Set(name, value)
	}
	_, refused := s.AuthenticateRPC(r.method, paisandbox.NewParameters(values))
	return refused == nil
}

func (r *rpc) addSignature() {
	if r.id != "" {
		r.common["AccessKeyId"] = r.id
		if r.token != "" {
			r.common["SecurityToken"] = r.token
		}
		r.sign()
	}
}

func (r *rpc) ask(t *testing.T) response {
	t.Helper()
	r.addSignature()
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
	return send(t, trusting(r.sts.CertificatePEM()), request)
}

// session asks for one and expects it.
func (r *rpc) session(t *testing.T) assumeRoleResponse {
	t.Helper()
	a := r.ask(t)
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", a.Status, a.body)
	}
	var got assumeRoleResponse
	decodeStrictly(t, a.body, &got)
	return got
}
