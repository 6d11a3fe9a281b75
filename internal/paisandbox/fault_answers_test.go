package paisandbox

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFaultsThatAnswer(t *testing.T) {
	t.Parallel()
	const plainType, html = "text/plain", "text/html"
	for name, tt := range map[string]struct {
		do      Effect
		status  int
		kind    string
		body    string // part of it
		headers map[string]string
		fromAPI bool // the answer names its request
	}{
		"status":       {do: Status(503, plainType, "gone fishing"), status: 503, kind: plainType, body: "gone fishing"},
		"gateway":      {do: ServerError(502), status: 502, kind: html, body: "<h1>502 Bad Gateway</h1>"},
		"redirect":     {do: Redirect("http://127.0.0.1:1/x"), status: 302, kind: html, headers: map[string]string{"Location": "http://127.0.0.1:1/x"}},
		"body":         {do: Body(200, `[]`), status: 200, kind: jsonType, body: `[]`, fromAPI: true},
		"error":        {do: APIError(403, "Forbidden.RAM", "no"), status: 403, kind: jsonType, body: `"Code":"Forbidden.RAM","Message":"no"`, fromAPI: true},
		"xml":          {do: XMLError(400, "A&B", "<no>"), status: 400, kind: "text/xml;charset=utf-8", body: "<Code>A&amp;B</Code><Message>&lt;no&gt;</Message>", fromAPI: true},
		"throttle 400": {do: Throttle(400, 1500*time.Millisecond), status: 400, kind: jsonType, body: `"Code":"Throttling.User"`, headers: map[string]string{"X-Acs-Retry-After": "1500"}, fromAPI: true},
		"throttle 429": {do: Throttle(429, 0), status: 429, kind: jsonType, body: "Throttling", headers: map[string]string{"X-Acs-Retry-After": "0"}, fromAPI: true},
		"throttle":     {do: Throttle(400, -1), status: 400, kind: jsonType, body: "Throttling", headers: map[string]string{"X-Acs-Retry-After": ""}, fromAPI: true},
		"with headers": {
			do: ServerError(503).WithHeader("Retry-After", "2").WithHeader("x-ratelimit-user-api", "TimeLeft:7"), status: 503, kind: html,
			headers: map[string]string{"Retry-After": "2", "X-Ratelimit-User-Api": "TimeLeft:7"},
		},
		"no header":   {do: APIError(403, "Forbidden.RAM", "no").WithoutHeader("X-Acs-Request-Id"), status: 403, kind: jsonType, body: `"Code":"Forbidden.RAM"`},
		"header only": {do: TotalCount(3).WithHeader("X-More", "1"), status: 200, kind: jsonType, body: `"TotalCount":3`, headers: map[string]string{"X-More": "1"}, fromAPI: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{})
			s.AddFault(Fault{Do: tt.do})
			c := newCaller(s)
			c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			a := c.get(t, imagesPath)
			if a.StatusCode != tt.status || a.Header.Get("Content-Type") != tt.kind || !strings.Contains(string(a.body), tt.body) {
				t.Errorf("got %s, %s: %s", a.Status, a.Header.Get("Content-Type"), a.body)
			}
			for header, want := range tt.headers {
				if got := a.Header.Get(header); got != want {
					t.Errorf("%s is %q, want %q", header, got, want)
				}
			}
			if got := a.Header.Get("X-Acs-Request-Id"); (got != "") != tt.fromAPI {
				t.Errorf("request id %q", got)
			}
			if seen := s.Requests(); seen[0].Status != tt.status {
				t.Errorf("logged %+v", seen)
			}
		})
	}
}

func TestXMLErrorIsXML(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: XMLError(404, "NotHere", "<&>")})
	a := newCaller(s).get(t, imagesPath)
	var e struct {
		XMLName       xml.Name `xml:"Error"`
		RequestID     string   `xml:"RequestId"`
		Code, Message string
	}
	if err := xml.Unmarshal(a.body, &e); err != nil || e.Code != "NotHere" || e.Message != "<&>" || e.RequestID != a.Header.Get("X-Acs-Request-Id") {
		t.Errorf("%v: %+v", err, e)
	}
}
