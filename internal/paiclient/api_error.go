package paiclient

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"terraform.local/pai/terraform-provider-pai/internal/paijson"
	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// maxErrorBytes limits the body of an error. Errors of the service have a few kB.
const maxErrorBytes = 64 << 10

// apiError returns the error for a response with an error status. The body can be:
//
//   - JSON from the service, with keys in any case, and with a string or a number as the code
//   - XML from an older gateway
//   - any other content, for example from a proxy
//
// If the connection breaks before the code is read, the status alone can be misleading: 400 may mean throttling, and
// 404 may mean denied access. Unless the status alone allows a retry, apiError returns the error of the connection in
// this case, so that the request is retried.
func (c *Client) apiError(action string, response *http.Response) error {
	body, readErr := io.ReadAll(io.LimitReader(response.Body, maxErrorBytes+1))
	e := c.newAPIError(action, response.StatusCode, response.Header, parseErrorFields(body))
	if e.Kind == KindRedirect {
		e.Message = "redirects to " + c.secrets.Clean(redirectTarget(response)) + ", which is not followed"
	}
	if readErr != nil && e.Code == "" && e.Kind != KindTransient && e.Kind != KindThrottled {
		return readErr
	}
	if e.Code == "" && e.Message == "" {
		contentType := c.secrets.Clean(response.Header.Get("Content-Type"))
		e.Message = fmt.Sprintf("not a response of the API, content type %q", contentType)
	}
	return e
}

// newAPIError returns the error with the fields of a response's body.
func (c *Client) newAPIError(action string, status int, header http.Header, fields errorFields) *APIError {
	e := &APIError{
		Action:    action,
		Host:      c.host(),
		Status:    status,
		Code:      c.secrets.Clean(fields.code),
		Message:   c.secrets.Clean(fields.message),
		RequestID: c.secrets.Clean(cmp.Or(fields.requestID, headerRequestID(header))),
		Advice:    c.secrets.Clean(fields.advice),
	}
	e.Kind = kindOf(e.Code, e.Status)
	if e.Kind == KindCredentials && e.Code != "" {
		// The rest of the message repeats what was signed, and the scrubber leaves only fragments of it.
		e.Message = scrub.BeforeRedacted(e.Message)
	}
	return e
}

// isErrorCode reports whether the code in the body of a response with HTTP 200 means an error.
func isErrorCode(code string) bool {
	return code != "" && code != "200" && !strings.EqualFold(code, "OK") && !strings.EqualFold(code, "Success")
}

// errorFields are the fields of an error. They may contain secrets.
type errorFields struct {
	code, message, requestID string
	advice                   string // the service's recommendation and describeDenial's text
}

// parseErrorFields returns the fields of an error in JSON or XML. They are empty if the body is neither, or if it
// exceeds maxErrorBytes.
func parseErrorFields(body []byte) errorFields {
	if len(body) > maxErrorBytes {
		return errorFields{}
	}
	var object struct {
		Code               jsontext.Value
		Message            jsontext.Value
		RequestID          jsontext.Value `json:"RequestId"`
		Recommend          jsontext.Value
		AccessDeniedDetail jsontext.Value
	}
	if json.Unmarshal(body, &object, paijson.Options) == nil {
		// If two names differ only in case, the service sent the capitalized one.
		_ = json.Unmarshal(body, &object, paijson.Options, json.MatchCaseInsensitiveNames(false)) // can't fail, as above
		return errorFields{
			code: jsonScalar(object.Code), message: jsonScalar(object.Message), requestID: jsonScalar(object.RequestID),
			advice: joinSentences(jsonScalar(object.Recommend), describeDenial(object.AccessDeniedDetail)),
		}
	}
	var document struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string   `xml:"Code"`
		Message   string   `xml:"Message"`
		RequestID string   `xml:"RequestId"`
		Recommend string   `xml:"Recommend"`
	}
	if xml.Unmarshal(body, &document) != nil {
		return errorFields{}
	}
	return errorFields{
		code: strings.TrimSpace(document.Code), message: strings.TrimSpace(document.Message),
		requestID: strings.TrimSpace(document.RequestID), advice: strings.TrimSpace(document.Recommend),
	}
}

// describeDenial returns the fields of an AccessDeniedDetail that describe the missing permission.
func describeDenial(detail jsontext.Value) string {
	var object struct{ AuthAction, NoPermissionType, PolicyType jsontext.Value }
	if json.Unmarshal(detail, &object, paijson.Options) != nil {
		return ""
	}
	var parts []string
	for _, field := range []struct {
		name  string
		value jsontext.Value
	}{
		{"AuthAction", object.AuthAction},
		{"NoPermissionType", object.NoPermissionType},
		{"PolicyType", object.PolicyType},
	} {
		if value := jsonScalar(field.value); value != "" {
			parts = append(parts, field.name+" "+value)
		}
	}
	return strings.Join(parts, ", ")
}

// jsonScalar returns a valid JSON string or number as text. For other values, it returns "".
func jsonScalar(value jsontext.Value) string {
	switch value.Kind() {
	case '"':
		text, _ := jsontext.AppendUnquote(nil, value) // an error means invalid UTF-8, which is replaced with U+FFFD
		return strings.TrimSpace(string(text))
	case '0':
		return string(value)
	}
	return ""
}

// redirectTarget returns the scheme and host of a redirect. It omits the rest of the URL, because the query may contain
// the parameters of the signed request.
func redirectTarget(response *http.Response) string {
	target, err := url.Parse(response.Header.Get("Location"))
	if err != nil || target.Host == "" {
		return "another address"
	}
	return target.Scheme + "://" + target.Host
}

// Kind classifies API errors by what a caller can do about them.
type Kind int

// The kinds of API errors.
const (
	KindOther        Kind = iota
	KindThrottled         // too many requests: retry after the requested time
	KindTransient         // the service failed: retry
	KindExpiredToken      // retry with renewed credentials
	KindCredentials       // the keys, the session or the signature are invalid
	KindClock             // this machine's clock is wrong
	KindPermission        // the credentials are valid but lack a permission
	KindParameter         // the service rejects a parameter
	KindNotFound          // no such image or workspace, or no such API at this address
	KindRedirect          // a redirect, which the client doesn't follow
)

// CodeDenied is AIWorkSpace's code for access denied by RAM or by workspace roles. The service sends it with HTTP
// 404.
const CodeDenied = "100700008"

// codeKinds maps patterns of lower-case error codes to kinds. The first matching pattern applies. "code*" matches a
// prefix, and "*code*" a part of the error code. Source: the error codes of the vendor's gateway and of AIWorkSpace.
var codeKinds = []struct {
	pattern string
	kind    Kind
}{
	{"*throttling*", KindThrottled},
	{"signaturenonceused*", KindTransient}, // Go's HTTP transport sent the same signed request again
	{"serviceunavailable*", KindTransient},
	{"internalerror*", KindTransient},
	{"invalidsecuritytoken.expired*", KindExpiredToken},
	{"invalidsecuritytoken*", KindCredentials},
	{"missingsecuritytoken*", KindCredentials},
	{"invalidaccesskey*", KindCredentials},
	{"signaturedoesnotmatch*", KindCredentials},
	{"incompletesignature*", KindCredentials},
	{"invalidtimestamp*", KindClock},
	{CodeDenied, KindPermission},
	{"forbidden*", KindPermission},
	{"nopermission*", KindPermission},
	{"accessdenied*", KindPermission},
	{"invalidparameter*", KindParameter},
	{"missingparameter*", KindParameter},
	{"100400008", KindNotFound}, // no such workspace
	{"100400027", KindNotFound}, // as above
}

// statusKinds maps the HTTP status to the kind of an error whose code matches no pattern of codeKinds.
var statusKinds = map[int]Kind{
	http.StatusBadRequest:          KindParameter,
	http.StatusUnauthorized:        KindCredentials,
	http.StatusForbidden:           KindPermission,
	http.StatusNotFound:            KindNotFound,
	http.StatusRequestTimeout:      KindTransient,
	http.StatusTooManyRequests:     KindThrottled,
	http.StatusInternalServerError: KindTransient,
	http.StatusBadGateway:          KindTransient,
	http.StatusServiceUnavailable:  KindTransient,
	http.StatusGatewayTimeout:      KindTransient,
}

// kindOf returns the kind of an error. The code takes precedence over the status, because the service sends throttling
// with 400 and denied access with 404.
func kindOf(code string, status int) Kind {
	code = strings.ToLower(code)
	for _, entry := range codeKinds {
		if matchesPattern(code, entry.pattern) {
			return entry.kind
		}
	}
	if status >= 300 && status < 400 {
		return KindRedirect
	}
	return statusKinds[status]
}

func matchesPattern(code, pattern string) bool {
	atStart, atEnd := strings.HasPrefix(pattern, "*"), strings.HasSuffix(pattern, "*")
	word := strings.Trim(pattern, "*")
	switch {
	case atStart && atEnd:
		return strings.Contains(code, word)
	case atEnd:
		return strings.HasPrefix(code, word)
	}
	return code == word
}
