package paisandbox

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The names are long because tests are read by name.
func TestRequestsTheGatewayRefuses(t *testing.T) {
	t.Parallel()
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	dated := func(age time.Duration) func(*http.Request) {
		return header("X-Acs-Date", time.Now().UTC().Add(-age).Format(dateFormat))
	}
	body := func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte("{}"))), 2
	}
	tests := map[string]struct {
		token  string // the session's
		bend   func(*caller)
		target string
		status int
		code   string
	}{
		"no authorization":       {bend: func(c *caller) { c.after = func(r *http.Request) { r.Header.Del("Authorization") } }, code: "IncompleteSignature"},
		"malformed":              {bend: func(c *caller) { c.after = header("Authorization", "Bearer x") }, code: "IncompleteSignature"},
		"unknown access key":     {bend: func(c *caller) { c.id = "SomebodyElse" }, status: 404, code: "InvalidAccessKeyId.NotFound"},
		"wrong secret":           {bend: func(c *caller) { c.secret = "guess" }, code: "SignatureDoesNotMatch"},
		"query changed":          {bend: func(c *caller) { c.after = func(r *http.Request) { r.URL.RawQuery = "Name=other" } }, code: "SignatureDoesNotMatch"},
		"path changed":           {bend: func(c *caller) { c.after = func(r *http.Request) { r.URL.Path += "y" } }, target: imagesPath + "/image-x", code: "SignatureDoesNotMatch"},
		"signed header changed":  {bend: func(c *caller) { c.after = dated(time.Minute) }, code: "SignatureDoesNotMatch"},
		"host changed":           {bend: func(c *caller) { c.after = func(r *http.Request) { r.Host = "example.com" } }, code: "SignatureDoesNotMatch"},
		"host not signed":        {bend: func(c *caller) { c.unsigned = []string{"host"} }, code: "IncompleteSignature"},
		"action not signed":      {bend: func(c *caller) { c.unsigned = []string{"x-acs-action"} }, code: "IncompleteSignature"},
		"nonce not signed":       {bend: func(c *caller) { c.unsigned = []string{"x-acs-signature-nonce"} }, code: "IncompleteSignature"},
		"other x-acs not signed": {bend: func(c *caller) { c.after = header("X-Acs-Other", "1") }, code: "IncompleteSignature"},
		"type not signed":        {bend: func(c *caller) { c.after = header("Content-Type", "text/plain") }, code: "IncompleteSignature"},
		"no action":              {bend: func(c *caller) { c.before = header("X-Acs-Action", "") }, code: "MissingParameter"},
		"no version":             {bend: func(c *caller) { c.before = header("X-Acs-Version", "") }, code: "MissingParameter"},
		"no date":                {bend: func(c *caller) { c.before = header("X-Acs-Date", "") }, code: "MissingParameter"},
		"no nonce":               {bend: func(c *caller) { c.before = header("X-Acs-Signature-Nonce", "") }, code: "MissingParameter"},
		"no content hash":        {bend: func(c *caller) { c.before = header("X-Acs-Content-Sha256", "") }, code: "MissingParameter"},
		"wrong content hash":     {bend: func(c *caller) { c.before = header("X-Acs-Content-Sha256", hexSHA256([]byte("{}"))) }, code: "InvalidParameter.ContentSha256"},
		"body not hashed":        {bend: func(c *caller) { c.before = body }, code: "InvalidParameter.ContentSha256"},
		"date too old":           {bend: func(c *caller) { c.before = dated(16 * time.Minute) }, code: "InvalidTimeStamp.Expired"},
		"date to come":           {bend: func(c *caller) { c.before = dated(-16 * time.Minute) }, code: "InvalidTimeStamp.Expired"},
		"date in another form":   {bend: func(c *caller) { c.before = header("X-Acs-Date", time.Now().Format(time.RFC1123)) }, code: "InvalidTimeStamp.Format"},
		"token missing":          {token: "session", bend: func(c *caller) { c.token = "" }, code: "InvalidSecurityToken.Malformed"},
		"token wrong":            {token: "session", bend: func(c *caller) { c.token = "other" }, code: "InvalidSecurityToken.Malformed"},
		"token not signed":       {token: "session", bend: func(c *caller) { c.unsigned = []string{"x-acs-security-token"} }, code: "IncompleteSignature"},
		"token where none is":    {bend: func(c *caller) { c.token = "stale" }, code: "InvalidSecurityToken.Malformed"},
		"action of another path": {bend: func(c *caller) { c.before = header("X-Acs-Action", "GetImage") }, status: 404, code: "InvalidAction.NotFound"},
		"unknown version":        {bend: func(c *caller) { c.before = header("X-Acs-Version", "2020-01-01") }, code: "InvalidVersion"},
		"unknown path":           {target: "/api/v2/images", bend: func(*caller) {}, status: 404, code: "InvalidAction.NotFound"},
		"empty image id":         {target: imagesPath + "/", bend: func(*caller) {}, status: 404, code: "InvalidAction.NotFound"},
		"path below an image":    {target: imagesPath + "/image-x/labels", bend: func(*caller) {}, status: 404, code: "InvalidAction.NotFound"},
		"post":                   {bend: func(c *caller) { c.before = func(r *http.Request) { r.Method = http.MethodPost } }, status: 405, code: "UnsupportedHTTPMethod"},
		"query that is none":     {bend: func(c *caller) { c.after = func(r *http.Request) { r.URL.RawQuery = "Name=%zz" } }, code: "InvalidParameter"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, Options{AccessKeyID: "id", AccessKeySecret: "secret", SecurityToken: tt.token, Catalogue: []Image{}})
			c := newCaller(s)
			tt.bend(c)
			if tt.target == "" {
				tt.target = imagesPath
			}
			if tt.status == 0 {
				tt.status = http.StatusBadRequest
			}
			a := c.get(t, tt.target)
			if e := a.apiError(t); e.Code != tt.code || a.StatusCode != tt.status {
				t.Errorf("got %d %s (%s), want %d %s", a.StatusCode, e.Code, e.Message, tt.status, tt.code)
			}
			if seen := s.Requests(); len(seen) != 1 || seen[0].ErrorCode != tt.code || seen[0].Status != tt.status {
				t.Errorf("logged %+v", seen)
			}
		})
	}
}

func TestRequestsTheGatewayLetsIn(t *testing.T) {
	t.Parallel()
	s := start(t, Options{AccessKeyID: "id", AccessKeySecret: "secret", SecurityToken: "session+/=", Catalogue: []Image{}})
	for name, before := range map[string]func(*http.Request){
		"plain": func(*http.Request) {},
		"almost old": func(r *http.Request) {
			r.Header.Set("X-Acs-Date", time.Now().UTC().Add(-14*time.Minute).Format(dateFormat))
		},
		"other x-acs":  func(r *http.Request) { r.Header.Set("X-Acs-Credentials-Provider", "static_ak") },
		"content type": func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") },
		"odd query":    func(r *http.Request) { r.URL.RawQuery = url.Values{"Name": {"a b*c~d+e/像"}}.Encode() },
	} {
		c := newCaller(s)
		c.before = before
		if a := c.get(t, imagesPath); a.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %s", name, a.Status, a.body)
		}
	}
}

func TestSignatureErrorRepeatsWhatWasSigned(t *testing.T) {
	t.Parallel()
	s := start(t, Options{AccessKeyID: "TheAccessKeyId", AccessKeySecret: "secret", SecurityToken: "TheToken"})
	c := newCaller(s)
	c.secret = "guess"
	message := c.get(t, imagesPath+"?Name=x").apiError(t).Message
	for _, part := range []string{"TheAccessKeyId", "TheToken", signatureAlgorithm + "\n", "GET\n" + imagesPath + "\nName=x\n"} {
		if !strings.Contains(message, part) {
			t.Errorf("no %q in %q", part, message)
		}
	}
}

func TestNonceIsForOneRequest(t *testing.T) {
	t.Parallel()
	c := newCaller(start(t, Options{}))
	fixed := func(nonce string) { c.before = func(r *http.Request) { r.Header.Set("X-Acs-Signature-Nonce", nonce) } }

	right := c.secret
	c.secret = "guess"
	fixed("one")
	c.get(t, imagesPath)
	c.secret = right
	if a := c.get(t, imagesPath); a.StatusCode != http.StatusOK {
		t.Errorf("a nonce was used up by a request that nobody signed: %s", a.body)
	}
	if e := c.get(t, imagesPath).apiError(t); e.Code != "SignatureNonceUsed" {
		t.Errorf("got %s the second time", e.Code)
	}
	fixed("two")
	if a := c.get(t, imagesPath+"?PageNumber=0"); a.StatusCode != http.StatusBadRequest {
		t.Errorf("got %s", a.Status)
	}
	if e := c.get(t, imagesPath).apiError(t); e.Code != "SignatureNonceUsed" {
		t.Errorf("got %s after a request with a wrong parameter", e.Code)
	}
}

func TestNonceStoreForgets(t *testing.T) {
	t.Parallel()
	var n nonceStore
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if !n.use("a", now) || n.use("a", now.Add(2*dateTolerance)) {
		t.Error("a nonce must last as long as a date with it may be accepted")
	}
	if !n.use("a", now.Add(2*dateTolerance+time.Second)) || len(n.order) != 1 || len(n.used) != 1 {
		t.Error("an old nonce must go")
	}
}

func TestSetCredentials(t *testing.T) {
	t.Parallel()
	s := start(t, Options{AccessKeyID: "key", AccessKeySecret: "secret"})
	static := newCaller(s)
	s.SetCredentials("session-1", "secret-1", "token-1")
	first := newCaller(s)
	s.SetCredentials("session-2", "secret-2", "token-2")
	second := newCaller(s)

	if e := static.get(t, imagesPath).apiError(t); e.Code != "InvalidAccessKeyId.NotFound" {
		t.Errorf("former key: %s", e.Code)
	}
	if e := first.get(t, imagesPath).apiError(t); e.Code != "InvalidSecurityToken.Expired" {
		t.Errorf("former session: %s", e.Code)
	}
	second.list(t, "")
}
