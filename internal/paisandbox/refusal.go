package paisandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
)

// Refusal is an error response of the API.
type Refusal struct {
	Status  int
	Code    string
	Message string
}

// BadRequest returns a refusal with the status 400.
func BadRequest(code, message string) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: code, Message: message}
}

// InvalidParameter returns the refusal of a parameter's value.
func InvalidParameter(name, why string) *Refusal {
	return BadRequest("InvalidParameter."+name, "Specified parameter "+name+" is not valid: "+why+".")
}

// MissingParameter returns the refusal of a request without a required parameter.
func MissingParameter(name string) *Refusal {
	return BadRequest("Missing"+name, name+" is mandatory for this action.")
}

// Unparsable returns the refusal of a request of which one part can't be parsed.
func Unparsable(part string, err error) *Refusal {
	return BadRequest("InvalidParameter", "The "+part+" can't be read: "+err.Error()+".")
}

// ActionNotFound returns the refusal of a path or an action that doesn't exist.
func ActionNotFound(why string) *Refusal {
	return &Refusal{
		Status: http.StatusNotFound, Code: "InvalidAction.NotFound", Message: "Specified api is not found: " + why + ".",
	}
}

// MethodNotSupported returns the refusal of an HTTP method.
func MethodNotSupported(why string) *Refusal {
	return &Refusal{
		Status: http.StatusMethodNotAllowed, Code: "UnsupportedHTTPMethod",
		Message: "This http method is not supported: " + why + ".",
	}
}

// InvalidVersion returns the refusal of an API version.
func InvalidVersion() *Refusal {
	return BadRequest("InvalidVersion", "Specified parameter Version is not valid.")
}

// errorBody is the JSON that every API error has.
type errorBody struct {
	RequestID string `json:"RequestId"`
	HostID    string `json:"HostId"`
	Code      string `json:"Code"`
	Message   string `json:"Message"`
	Recommend string `json:"Recommend"`
}

func (x *exchange) errorResponse(e *Refusal) *Response {
	link := url.URL{Scheme: "https", Host: "api.aliyun.com", Path: "/troubleshoot", RawQuery: url.Values{
		"q": {e.Code}, "product": {x.service.product}, "requestId": {x.requestID},
	}.Encode()}
	body, err := json.Marshal(errorBody{
		RequestID: x.requestID, HostID: x.http.Host, Code: e.Code, Message: e.Message, Recommend: link.String(),
	})
	if err != nil {
		panic(err) // five strings always marshal
	}
	return &Response{Status: e.Status, code: e.Code, Header: x.apiHeader(), Body: body}
}
