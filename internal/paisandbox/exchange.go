package paisandbox

import (
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBody limits the size of a request body in bytes.
const maxBody = 1 << 20

// FormType is the content type of an HTML form.
const FormType = "application/x-www-form-urlencoded"

// exchange is a request and the state of its handling.
type exchange struct {
	service    *Service
	sandbox    *Sandbox // the sandbox that the service belongs to
	http       *http.Request
	writer     http.ResponseWriter
	connection *connection
	query      url.Values
	queryErr   error
	body       []byte
	record     *Request // shared with the log; change it only in log.update
	requestID  string
	number     int // number of the request in the service, from 1
}

// handle logs a request, checks it, and responds with the active faults applied.
func (s *Service) handle(w http.ResponseWriter, r *http.Request) {
	x := &exchange{
		service: s, sandbox: s.sandbox, http: r, writer: w, connection: connectionOf(r), requestID: newRequestID(),
	}
	x.query, x.queryErr = url.ParseQuery(r.URL.RawQuery)
	x.record = &Request{
		Method: r.Method, Path: r.URL.Path, Query: x.query, Header: r.Header.Clone(), Host: r.Host, Proto: r.Proto,
		RemoteAddr: r.RemoteAddr, Reused: x.connection.requests.Add(1) > 1, Action: r.Header.Get("X-Acs-Action"),
		At: x.sandbox.now(), RequestID: x.requestID,
	}
	x.number = s.log.begin(x.record)
	defer func() { s.log.end(x.record, x.sandbox.now()) }()

	var err error
	x.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	s.log.update(func() {
		x.record.Body, x.record.Form = x.body, parseForm(r.Header, x.body)
		if x.record.Action == "" {
			x.record.Action = x.record.Parameter("Action")
		}
	})
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	op, errResp := s.admit(x)
	if errResp != nil {
		x.send(x.encodeError(errResp))
		return
	}
	x.respond(op, s.faults.effects(x.request()))
}

// parseForm returns the values of a form body. It returns nil if the body is not a form.
func parseForm(header http.Header, body []byte) url.Values {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || mediaType != FormType || len(body) == 0 {
		return nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	return form
}

// respond creates the response, applies the effects and sends the response.
func (x *exchange) respond(op operation, effects []Effect) {
	for _, e := range effects {
		if e.before != nil && !e.before(x) {
			panic(http.ErrAbortHandler)
		}
	}
	response := &Response{}
	if !slices.ContainsFunc(effects, func(e Effect) bool { return e.replaces }) {
		var errResp *ErrorResponse
		if response, errResp = op.serve(x, effects); errResp != nil {
			response = x.encodeError(errResp)
		}
	}
	for _, e := range effects {
		if e.response != nil {
			e.response(x, response)
		}
	}
	for _, e := range effects {
		if e.send != nil {
			e.send(x, response)
			return
		}
	}
	x.send(response)
}

// request returns a copy of the logged request.
func (x *exchange) request() Request {
	var r Request
	x.service.log.update(func() { r = x.record.clone() })
	return r
}

// region returns the region that the request is for: the label before .localhost in its host name, as in
// cn-shanghai.localhost, or else the region of the sandbox's options.
func (x *exchange) region() string {
	if region, ok := x.hostRegion(); ok {
		return region
	}
	return x.sandbox.region
}

// hostRegion returns the region in the host name. ok is false if the host name contains none.
func (x *exchange) hostRegion() (region string, ok bool) {
	host := (&url.URL{Host: strings.ToLower(x.http.Host)}).Hostname()
	name, ok := strings.CutSuffix(host, ".localhost")
	return name[strings.LastIndex(name, ".")+1:], ok
}

// newRequestID returns a request ID in the format of the API, a UUID in upper case.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
