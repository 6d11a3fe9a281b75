package paisandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
)

// apiError is an error as the API words it.
type apiError struct {
	Status  int
	Code    string
	Message string
}

func badRequest(code, message string) *apiError {
	return &apiError{Status: http.StatusBadRequest, Code: code, Message: message}
}

func invalidParameter(name, why string) *apiError {
	return badRequest("InvalidParameter."+name, "Specified parameter "+name+" is not valid: "+why+".")
}

func missingParameter(name string) *apiError {
	return badRequest("Missing"+name, name+" is mandatory for this action.")
}

func unparsable(what string, err error) *apiError {
	return badRequest("InvalidParameter", "The "+what+" can't be read: "+err.Error()+".")
}

// errorBody is the JSON that every API error has.
type errorBody struct {
	RequestID string `json:"RequestId"`
	HostID    string `json:"HostId"`
	Code      string `json:"Code"`
	Message   string `json:"Message"`
	Recommend string `json:"Recommend"`
}

func (x *exchange) errorResponse(e *apiError) *response {
	link := url.URL{Scheme: "https", Host: "api.aliyun.com", Path: "/troubleshoot", RawQuery: url.Values{
		"q": {e.Code}, "product": {x.service.product}, "requestId": {x.requestID},
	}.Encode()}
	body, err := json.Marshal(errorBody{
		RequestID: x.requestID, HostID: x.http.Host, Code: e.Code, Message: e.Message, Recommend: link.String(),
	})
	if err != nil {
		panic(err) // five strings always marshal
	}
	return &response{status: e.Status, code: e.Code, header: x.apiHeader(), body: body}
}
