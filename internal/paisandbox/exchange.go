package paisandbox

import (
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
)

// maxBody limits the size of a request body in bytes.
const maxBody = 1 << 20

// FormType is the content type of a form.
const FormType = "application/x-www-form-urlencoded"

// exchange is a request that is being answered.
type exchange struct {
	service    *Service
	sandbox    *Sandbox // that the service belongs to
	http       *http.Request
	writer     http.ResponseWriter
	connection *connection
	query      url.Values
	queryErr   error
	body       []byte
	record     *Request // shared with the log, and changed only under its lock
	requestID  string
	number     int // position among the service's requests, from 1
}

// handle logs a request, checks it, applies the faults and responds.
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
	op, refusal := s.admit(x)
	if refusal != nil {
		x.send(x.errorResponse(refusal))
		return
	}
	x.respond(op, s.faults.effects(x.request()))
}

// parseForm returns the values of a body that is a form, and nil for any other body.
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

// respond creates and sends the response and applies each effect at its stage.
func (x *exchange) respond(op operation, effects []Effect) {
	for _, e := range effects {
		if e.before != nil && !e.before(x) {
			panic(http.ErrAbortHandler)
		}
	}
	response := &Response{}
	if !slices.ContainsFunc(effects, func(e Effect) bool { return e.replaces }) {
		var refusal *Refusal
		if response, refusal = op.serve(x, effects); refusal != nil {
			response = x.errorResponse(refusal)
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

// newRequestID returns a request ID in the format of the API, a UUID in upper case.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
