package paisandbox

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/signature"
)

func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	type edit = func(*http.Request)
	header := func(name, value string) edit { return func(r *http.Request) { r.Header.Set(name, value) } }
	dated := func(age time.Duration) edit {
		return header("X-Acs-Date", time.Now().UTC().Add(-age).Format(dateFormat))
	}
	before := func(e edit) func(*caller) { return func(c *caller) { c.beforeSigning = e } }
	after := func(e edit) func(*caller) { return func(c *caller) { c.afterSigning = e } }
	unsigned := func(name string) func(*caller) { return func(c *caller) { c.unsigned = []string{name} } }
	withToken := func(token string) func(*caller) { return func(c *caller) { c.token = token } }
	unchanged := func(*caller) {}
	const incomplete, missing, malformedToken = "IncompleteSignature", "MissingParameter", "InvalidSecurityToken.Malformed"

	for name, tt := range map[string]struct {
		change func(*caller)
		code   string
		status int    // 400 if 0
		target string // imagesPath if empty
		token  string // security token of the sandbox's credentials
	}{
		"no authorization":        {change: after(func(r *http.Request) { r.Header.Del("Authorization") }), code: incomplete},
		"malformed authorization": {change: after(header("Authorization", "Bearer x")), code: incomplete},
		"unknown access key": {
			change: func(c *caller) { c.id = "Unknown" }, status: 404, code: "InvalidAccessKeyId.NotFound",
		},
		"wrong secret": {change: func(c *caller) { c.secret = "wrong" }, code: "SignatureDoesNotMatch"},
		"query changed": {
			change: after(func(r *http.Request) { r.URL.RawQuery = "Name=other" }), code: "SignatureDoesNotMatch",
		},
		"path changed": {
			change: after(func(r *http.Request) { r.URL.Path += "y" }), target: imagesPath + "/image-x",
			code: "SignatureDoesNotMatch",
		},
		"signed header changed": {change: after(dated(time.Minute)), code: "SignatureDoesNotMatch"},
		"host changed": {
			change: after(func(r *http.Request) { r.Host = "example.com" }), code: "SignatureDoesNotMatch",
		},

		"host not signed":               {change: unsigned("host"), code: incomplete},
		"action not signed":             {change: unsigned("x-acs-action"), code: incomplete},
		"nonce not signed":              {change: unsigned("x-acs-signature-nonce"), code: incomplete},
		"other x-acs header not signed": {change: after(header("X-Acs-Other", "1")), code: incomplete},
		"content type not signed":       {change: after(header("Content-Type", "text/plain")), code: incomplete},

		"no action":       {change: before(header("X-Acs-Action", "")), code: missing},
		"no version":      {change: before(header("X-Acs-Version", "")), code: missing},
		"no date":         {change: before(header("X-Acs-Date", "")), code: missing},
		"no nonce":        {change: before(header("X-Acs-Signature-Nonce", "")), code: missing},
		"no content hash": {change: before(header("X-Acs-Content-Sha256", "")), code: missing},
		"wrong content hash": {
			change: before(header("X-Acs-Content-Sha256", signature.HexSHA256([]byte("{}")))),
			code:   "InvalidParameter.ContentSha256",
		},
		"hash of another body": {
			change: before(func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte("{}"))), 2
			}),
			code: "InvalidParameter.ContentSha256",
		},

		"date too old":       {change: before(dated(16 * time.Minute)), code: "InvalidTimeStamp.Expired"},
		"date in the future": {change: before(dated(-16 * time.Minute)), code: "InvalidTimeStamp.Expired"},
		"date in another format": {
			change: before(header("X-Acs-Date", time.Now().Format(time.RFC1123))), code: "InvalidTimeStamp.Format",
		},

		"no token":         {token: "session", change: withToken(""), code: malformedToken},
		"wrong token":      {token: "session", change: withToken("other"), code: malformedToken},
		"unexpected token": {change: withToken("other"), code: malformedToken},
		"token not signed": {token: "session", change: unsigned("x-acs-security-token"), code: incomplete},

		"action of another path": {
			change: before(header("X-Acs-Action", "GetImage")), status: 404, code: "InvalidAction.NotFound",
		},
		"unknown version": {change: before(header("X-Acs-Version", "2020-01-01")), code: "InvalidVersion"},
		"unknown path":    {change: unchanged, target: "/api/v2/images", status: 404, code: "InvalidAction.NotFound"},
		"empty image id":  {change: unchanged, target: imagesPath + "/", status: 404, code: "InvalidAction.NotFound"},
		"path below an image": {
			change: unchanged, target: imagesPath + "/image-x/labels", status: 404, code: "InvalidAction.NotFound",
		},
		"POST": {
			change: before(func(r *http.Request) { r.Method = http.MethodPost }), status: 405, code: "UnsupportedHTTPMethod",
		},
		"invalid query": {change: after(func(r *http.Request) { r.URL.RawQuery = "Name=%zz" }), code: "InvalidParameter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{
				AccessKeyID: "id", AccessKeySecret: "secret", SecurityToken: tt.token, Catalogue: []Image{},
			})
			c := newCaller(s)
			tt.change(c)
			if tt.target == "" {
				tt.target = imagesPath
			}
			if tt.status == 0 {
				tt.status = http.StatusBadRequest
			}
			r := c.get(t, tt.target)
			if e := r.apiError(t); e.Code != tt.code || r.StatusCode != tt.status {
				t.Errorf("got %d %s (%s), want %d %s", r.StatusCode, e.Code, e.Message, tt.status, tt.code)
			}
			if logged := s.Requests(); len(logged) != 1 || logged[0].ErrorCode != tt.code || logged[0].Status != tt.status {
				t.Errorf("got the log %+v, want one request with %d %s", logged, tt.status, tt.code)
			}
		})
	}
}

func TestAcceptedRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{
		AccessKeyID: "id", AccessKeySecret: "secret", SecurityToken: "session+/=", Catalogue: []Image{},
	})
	for name, edit := range map[string]func(*http.Request){
		"unchanged": func(*http.Request) {},
		"date of 14 minutes ago": func(r *http.Request) {
			r.Header.Set("X-Acs-Date", time.Now().UTC().Add(-14*time.Minute).Format(dateFormat))
		},
		"other x-acs header": func(r *http.Request) { r.Header.Set("X-Acs-Credentials-Provider", "static_ak") },
		"content type":       func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") },
		"query to escape":    func(r *http.Request) { r.URL.RawQuery = url.Values{"Name": {"a b*c~d+e/像"}}.Encode() },
	} {
		c := newCaller(s)
		c.beforeSigning = edit
		if r := c.get(t, imagesPath); r.StatusCode != http.StatusOK {
			t.Errorf("%s: got %s %s", name, r.Status, r.body)
		}
	}
}

func TestSignatureErrorRepeatsSignedText(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{AccessKeyID: "TheAccessKeyId", AccessKeySecret: "secret", SecurityToken: "TheToken"})
	c := newCaller(s)
	c.secret = "wrong"
	message := c.get(t, imagesPath+"?Name=x").apiError(t).Message
	for _, want := range []string{
		"TheAccessKeyId", "TheToken", signature.Algorithm + "\n", "GET\n" + imagesPath + "\nName=x\n",
	} {
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want it to contain %q", message, want)
		}
	}
}

func TestNonceIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	c := newCaller(startSandbox(t, Options{}))
	setNonce := func(nonce string) {
		c.beforeSigning = func(r *http.Request) { r.Header.Set("X-Acs-Signature-Nonce", nonce) }
	}

	secret := c.secret
	c.secret = "wrong"
	setNonce("one")
	c.get(t, imagesPath)
	c.secret = secret
	if r := c.get(t, imagesPath); r.StatusCode != http.StatusOK {
		t.Errorf("a request with a wrong signature used up its nonce: %s", r.body)
	}
	if e := c.get(t, imagesPath).apiError(t); e.Code != "SignatureNonceUsed" {
		t.Errorf("got %s for a repeated nonce", e.Code)
	}
	setNonce("two")
	if r := c.get(t, imagesPath+"?PageNumber=0"); r.StatusCode != http.StatusBadRequest {
		t.Errorf("got %s for an invalid parameter", r.Status)
	}
	if e := c.get(t, imagesPath).apiError(t); e.Code != "SignatureNonceUsed" {
		t.Errorf("got %s for the nonce of a signed request with an invalid parameter", e.Code)
	}
}
