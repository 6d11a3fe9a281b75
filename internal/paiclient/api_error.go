package paiclient

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxErrorBytes limits how much of an error's body is read. The service's own errors have a few kB.
const maxErrorBytes = 1 << 20

// apiError returns the error that a response with an error status contains. It accepts the service's JSON with keys in
// any case and a code that is a string or a number, XML from older gateways, and bodies that are neither.
//
// If the body breaks off before the code, and the status alone is no reason for a retry, the result is the connection's
// error: 400 may mean throttling, and 404 may mean denied access.
func (c *Client) apiError(action string, response *http.Response) error {
	body, readErr := io.ReadAll(io.LimitReader(response.Body, maxErrorBytes))

	fields := errorFields(body)
	e := &APIError{
		Action:    action,
		Host:      c.host(),
		Status:    response.StatusCode,
		Code:      c.secrets.Clean(fields["code"]),
		Message:   c.secrets.Clean(fields["message"]),
		RequestID: c.secrets.Clean(cmp.Or(fields["requestid"], headerRequestID(response.Header))),
		Advice:    c.secrets.Clean(fields["advice"]),
	}
	e.Kind = kindOf(e.Code, e.Status)
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

// errorFields returns the fields of an error by their lower-case names, and the service's recommendations as "advice".
// The map is empty if the body is neither JSON nor XML.
func errorFields(body []byte) map[string]string {
	fields := make(map[string]string)
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err == nil {
		denied := ""
		// Of two names that differ in case, the capitalized one is the service's own. It sorts first, so it is set last.
		for _, name := range slices.Backward(slices.Sorted(maps.Keys(object))) {
			value := object[name]
			fields[strings.ToLower(name)] = jsonScalar(value)
			if strings.EqualFold(name, "AccessDeniedDetail") {
				denied = describeDenial(value)
			}
		}
		fields["advice"] = joinSentences(fields["recommend"], denied)
		return fields
	}
	var document struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string   `xml:"Code"`
		Message   string   `xml:"Message"`
		RequestID string   `xml:"RequestId"`
		Recommend string   `xml:"Recommend"`
	}
	if err := xml.Unmarshal(body, &document); err == nil {
		fields["code"] = strings.TrimSpace(document.Code)
		fields["message"] = strings.TrimSpace(document.Message)
		fields["requestid"] = strings.TrimSpace(document.RequestID)
		fields["advice"] = strings.TrimSpace(document.Recommend)
	}
	return fields
}

// describeDenial returns the parts of an AccessDeniedDetail that a user can act on.
func describeDenial(detail json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(detail, &object) != nil {
		return ""
	}
	var parts []string
	for _, name := range []string{"AuthAction", "NoPermissionType", "PolicyType"} {
		if value := jsonScalar(object[name]); value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	return strings.Join(parts, ", ")
}

// jsonScalar returns a JSON string or number as text, and "" for everything else.
func jsonScalar(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return strings.TrimSpace(text)
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil {
		return number.String()
	}
	return ""
}

// joinSentences joins texts of the service, some of which end with a full stop. It skips empty ones.
func joinSentences(sentences ...string) string {
	joined := ""
	for _, sentence := range sentences {
		switch {
		case sentence == "":
		case joined == "":
			joined = sentence
		case strings.HasSuffix(joined, "."):
			joined += " " + sentence
		default:
			joined += "; " + sentence
		}
	}
	return joined
}

// redirectTarget returns the scheme and host of a redirect. It omits the query, which may repeat signed parameters.
func redirectTarget(response *http.Response) string {
	target, err := url.Parse(response.Header.Get("Location"))
	if err != nil || target.Host == "" {
		return "another address"
	}
	return target.Scheme + "://" + target.Host
}

// Kind classifies the API's errors by what can be done about them.
type Kind int

// The kinds. Their order has no meaning.
const (
	KindOther        Kind = iota
	KindThrottled         // too many requests: retry, after the requested time
	KindTransient         // the service failed: retry
	KindExpiredToken      // retry with renewed credentials
	KindCredentials       // the keys, the session or the signature are invalid
	KindClock             // this machine's clock is wrong
	KindPermission        // the credentials are valid but lack a permission
	KindParameter         // the service rejects a parameter
	KindNotFound          // no such image, or no such API at this address
	KindRedirect          // redirects are not followed
)

// deniedByRBAC is AIWorkSpace's code for access denied by RAM or workspace roles. It comes with HTTP 404.
const deniedByRBAC = "100700008"

// codeKinds are the kinds of codes. The first matching pattern decides. A * at the start or end matches anything.
// Source: the error codes of the vendor's gateway and of AIWorkSpace.
var codeKinds = []struct {
	pattern string
	kind    Kind
}{
	{"*throttling*", KindThrottled},
	{"signaturenonceused*", KindTransient}, // the transport itself sent the signed request twice
	{"serviceunavailable*", KindTransient},
	{"internalerror*", KindTransient},
	{"invalidsecuritytoken.expired*", KindExpiredToken},
	{"invalidsecuritytoken*", KindCredentials},
	{"missingsecuritytoken*", KindCredentials},
	{"invalidaccesskey*", KindCredentials},
	{"signaturedoesnotmatch*", KindCredentials},
	{"incompletesignature*", KindCredentials},
	{"invalidtimestamp*", KindClock},
	{deniedByRBAC, KindPermission},
	{"forbidden*", KindPermission},
	{"nopermission*", KindPermission},
	{"accessdenied*", KindPermission},
	{"invalidparameter*", KindParameter},
	{"missingparameter*", KindParameter},
}

// statusKinds are the kinds of errors whose code has none.
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

// kindOf returns the kind of an error. The code decides before the status, because the service sends throttling with
// 400 and denied access with 404.
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
