package paisandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestResponseFaults(t *testing.T) {
	t.Parallel()
	const plain, html, xmlType = "text/plain", "text/html", "text/xml;charset=utf-8"
	for name, tt := range map[string]struct {
		do          Effect
		status      int
		contentType string
		body        string            // part of the body
		header      map[string]string // "" means that the header must be missing
		requestID   bool              // whether the response has a request ID
	}{
		"Status": {do: Status(503, plain, "unavailable"), status: 503, contentType: plain, body: "unavailable"},
		"ServerError": {
			do: ServerError(502), status: 502, contentType: html, body: "<h1>502 Bad Gateway</h1>",
		},
		"Redirect": {
			do: Redirect("http://127.0.0.1:1/x"), status: 302, contentType: html,
			header: map[string]string{"Location": "http://127.0.0.1:1/x"},
		},
		"Body": {do: Body(200, `[]`), status: 200, contentType: jsonType, body: `[]`, requestID: true},
		"APIError": {
			do: APIError(403, "Forbidden.RAM", "no"), status: 403, contentType: jsonType,
			body: `"Code":"Forbidden.RAM","Message":"no"`, requestID: true,
		},
		"XMLError": {
			do: XMLError(400, "A&B", "<no>"), status: 400, contentType: xmlType,
			body: "<Code>A&amp;B</Code><Message>&lt;no&gt;</Message>", requestID: true,
		},
		"Throttle with 400": {
			do: Throttle(400, 1500*time.Millisecond), status: 400, contentType: jsonType,
			body: `"Code":"Throttling.User"`, header: map[string]string{"X-Acs-Retry-After": "1500"}, requestID: true,
		},
		"Throttle with 429": {
			do: Throttle(429, 0), status: 429, contentType: jsonType, body: "Throttling",
			header: map[string]string{"X-Acs-Retry-After": "0"}, requestID: true,
		},
		"Throttle without a time": {
			do: Throttle(400, -1), status: 400, contentType: jsonType, body: "Throttling",
			header: map[string]string{"X-Acs-Retry-After": ""}, requestID: true,
		},
		"WithHeader twice": {
			do:     ServerError(503).WithHeader("Retry-After", "2").WithHeader("x-ratelimit-user-api", "TimeLeft:7"),
			status: 503, contentType: html,
			header: map[string]string{"Retry-After": "2", "X-Ratelimit-User-Api": "TimeLeft:7"},
		},
		"WithoutHeader": {
			do: APIError(403, "Forbidden.RAM", "no").WithoutHeader("X-Acs-Request-Id"), status: 403,
			contentType: jsonType, body: `"Code":"Forbidden.RAM"`,
		},
		"WithHeader on an effect that keeps the response": {
			do: TotalCount(3).WithHeader("X-More", "1"), status: 200, contentType: jsonType, body: `"TotalCount":3`,
			header: map[string]string{"X-More": "1"}, requestID: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{})
			s.AddFault(Fault{Do: tt.do})
			c := newCaller(s)
			c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			r := c.get(t, imagesPath)
			if got := r.Header.Get("Content-Type"); r.StatusCode != tt.status || got != tt.contentType {
				t.Errorf("got %s, %s; want %d, %s", r.Status, got, tt.status, tt.contentType)
			}
			if !strings.Contains(string(r.body), tt.body) {
				t.Errorf("got body %s, want it to contain %s", r.body, tt.body)
			}
			for name, want := range tt.header {
				if got := r.Header.Get(name); got != want {
					t.Errorf("got %s: %q, want %q", name, got, want)
				}
			}
			if got := r.Header.Get("X-Acs-Request-Id"); (got != "") != tt.requestID {
				t.Errorf("got request id %q, want one: %t", got, tt.requestID)
			}
			if logged := s.Requests(); logged[0].Status != tt.status {
				t.Errorf("got status %d in the log, want %d", logged[0].Status, tt.status)
			}
		})
	}
}

func TestXMLErrorIsValidXML(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: XMLError(404, "NotHere", "<&>")})
	r := newCaller(s).get(t, imagesPath)
	var got struct {
		XMLName       xml.Name `xml:"Error"`
		RequestID     string   `xml:"RequestId"`
		Code, Message string
	}
	if err := xml.Unmarshal(r.body, &got); err != nil || got.Code != "NotHere" || got.Message != "<&>" ||
		got.RequestID != r.Header.Get("X-Acs-Request-Id") {
		t.Errorf("got %v, %+v", err, got)
	}
}

// TestPaddedResponses checks that the JSON stays complete, and that a gzip bomb is small while it is compressed.
func TestPaddedResponses(t *testing.T) {
	t.Parallel()
	const mebibytes = 3
	for name, tt := range map[string]struct {
		do       Effect
		min, max int64 // limits of the response's length in bytes, before decompression
		encoding string
	}{
		"PadBody":  {PadBody(mebibytes), mebibytes << 20, mebibytes<<20 + 50_000, ""},
		"GzipBomb": {GzipBomb(mebibytes), 1000, 20_000, "gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{})
			s.AddFault(Fault{Do: tt.do})
			c := newCaller(s)
			// The transport decompresses the response unless the request sets Accept-Encoding.
			c.beforeSigning = func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }
			raw := c.get(t, imagesPath)
			if raw.ContentLength < tt.min || raw.ContentLength > tt.max {
				t.Errorf("got %d bytes, want %d to %d", raw.ContentLength, tt.min, tt.max)
			}
			if got := raw.Header.Get("Content-Encoding"); got != tt.encoding {
				t.Errorf("got Content-Encoding %q, want %q", got, tt.encoding)
			}
			c.beforeSigning = nil
			r := c.get(t, imagesPath)
			var page listImagesResponse
			decodeStrictly(t, r.body, &page)
			spaces := len(r.body) - len(bytes.TrimRight(r.body, " "))
			if len(page.Images) != 20 || spaces != mebibytes<<20 || !json.Valid(r.body) {
				t.Errorf("got %d images and %d spaces, want 20 and %d", len(page.Images), spaces, mebibytes<<20)
			}
		})
	}
}

func TestGzipBombNeedsGzip(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: GzipBomb(3)})
	c := newCaller(s)
	c.beforeSigning = func(r *http.Request) { r.Header.Set("Accept-Encoding", "identity") }
	if r := c.get(t, imagesPath); len(r.body) > 50_000 || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("got %d bytes and Content-Encoding %q", len(r.body), r.Header.Get("Content-Encoding"))
	}
}

func TestPadBodyEndsWithTheClient(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	s.AddFault(Fault{Do: PadBody(1 << 20)}) // 1 TiB
	c := newCaller(s)
	response, err := c.http.Do(c.newRequest(t.Context(), t, imagesPath))
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.CopyN(io.Discard, response.Body, 1<<20)
	_ = response.Body.Close()
	if err != nil {
		t.Error(err)
	}
	waitForNoRequests(t, s)
}

func TestTrickle(t *testing.T) {
	t.Parallel()
	const interval = 20 * time.Millisecond
	for name, tls := range map[string]bool{"http": false, "https": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, Options{TLS: tls})
			s.AddFault(Fault{Do: Body(200, "[]")})
			s.AddFault(Fault{Do: Trickle(interval)})
			c := newCaller(s)
			c.beforeSigning = func(r *http.Request) { r.Header.Set("Accept-Encoding", "identity") }
			began := time.Now()
			r := c.get(t, imagesPath)
			if took := time.Since(began); string(r.body) != "[]" || took < interval {
				t.Errorf("got %q after %v, want [] after at least %v", r.body, took, interval)
			}

			s.ClearFaults()
			s.AddFault(Fault{Do: Trickle(time.Hour)})
			ctx, cancel := context.WithCancel(t.Context())
			c.http.Transport = afterHeader{c.http.Transport, cancel}
			if r, err := c.do(ctx, t, imagesPath); !errors.Is(err, context.Canceled) || r.Response == nil {
				t.Errorf("got %v, want a response that ends with %v", err, context.Canceled)
			}
			waitForNoRequests(t, s)
		})
	}
}

func TestMemberFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do   Effect
		want string // the body, with the request ID replaced by ID
	}{
		"OmitMember":            {OmitMember("TotalCount"), `{"Images":[],"RequestId":"ID"}`},
		"OmitMember, no member": {OmitMember("Other"), `{"Images":[],"RequestId":"ID","TotalCount":0}`},
		"OmitMember, no object": {OmitMember("Other", "Name"), `{"RequestId":"ID","TotalCount":0,"Images":[]}`},
		"SetMember":             {SetMember("many", "TotalCount"), `{"Images":[],"RequestId":"ID","TotalCount":"many"}`},
		"SetMember to null":     {SetMember(nil, "Images"), `{"Images":null,"RequestId":"ID","TotalCount":0}`},
		"SetMember, no object":  {SetMember(1, "Images", "Name"), `{"RequestId":"ID","TotalCount":0,"Images":[]}`},
		"ChangeJSON": {
			ChangeJSON(func(r Request, object map[string]any) { object["TotalCount"] = r.Path }),
			`{"Images":[],"RequestId":"ID","TotalCount":"/api/v1/images"}`,
		},
	} {
		s := startSandbox(t, Options{Catalogue: []Image{}})
		s.AddFault(Fault{Do: tt.do})
		r := newCaller(s).get(t, imagesPath)
		got := strings.ReplaceAll(string(r.body), r.Header.Get("X-Acs-Request-Id"), "ID")
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}
