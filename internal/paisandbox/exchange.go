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

// maxBody bounds what is read of a request: the API's requests have no body worth the name.
const maxBody = 1 << 20

// FormType is the content type of a form.
const FormType = "application/x-www-form-urlencoded"

// exchange is one request on its way to its answer.
type exchange struct {
	service    *Service
	sandbox    *Sandbox // whose the service is
	http       *http.Request
	writer     http.ResponseWriter
	connection *connection
	query      url.Values
	queryErr   error
	body       []byte
	record     *Request // shared with the log, changed only through it
	requestID  string
	number     int // of the request among all, from 1
}

// handle takes a request through a service: log, gateway checks, faults, answer.
func (s *Service) handle(w http.ResponseWriter, r *http.Request) {
	x := &exchange{service: s, sandbox: s.sandbox, http: r, writer: w, connection: connectionOf(r), requestID: newRequestID()}
	x.query, x.queryErr = url.ParseQuery(r.URL.RawQuery)
	x.record = &Request{
		Method: r.Method, Path: r.URL.Path, Query: x.query, Header: r.Header.Clone(), Host: r.Host, Proto: r.Proto,
		RemoteAddr: r.RemoteAddr, Reused: x.connection.requests.Add(1) > 1, Action: r.Header.Get("X-Acs-Action"), At: x.sandbox.now(),
		RequestID: x.requestID,
	}
	x.number = s.log.begin(x.record)
	defer func() { s.log.end(x.record, x.sandbox.now()) }()

	var err error
	x.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	s.log.change(func() {
		x.record.Body, x.record.Form = x.body, formOf(r.Header, x.body)
		if x.record.Action == "" {
			x.record.Action = x.record.Parameter("Action")
		}
	})
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	op, refused := s.admit(x)
	if refused != nil {
		x.send(x.errorResponse(refused))
		return
	}
	x.answer(op, s.faults.hit(x.seen()))
}

// formOf parses a body that is a form. It returns nil for any other.
func formOf(header http.Header, body []byte) url.Values {
	if kind, _, err := mime.ParseMediaType(header.Get("Content-Type")); err != nil || kind != FormType || len(body) == 0 {
		return nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	return form
}

// answer makes the answer and lets each effect have its say at its stage.
func (x *exchange) answer(op operation, effects []Effect) {
	for _, e := range effects {
		if e.before != nil && !e.before(x) {
			panic(http.ErrAbortHandler)
		}
	}
	answer := &Response{}
	if !slices.ContainsFunc(effects, func(e Effect) bool { return e.whole }) {
		var refused *Refusal
		if answer, refused = op.serve(x, effects); refused != nil {
			answer = x.errorResponse(refused)
		}
	}
	for _, e := range effects {
		if e.response != nil {
			e.response(x, answer)
		}
	}
	for _, e := range effects {
		if e.send != nil {
			e.send(x, answer)
			return
		}
	}
	x.send(answer)
}

// seen is the request as a fault's matcher gets it.
func (x *exchange) seen() Request {
	var r Request
	x.service.log.change(func() { r = x.record.clone() })
	return r
}

// newRequestID is in the form of the service's: a UUID in capitals.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
