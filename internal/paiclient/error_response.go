package paiclient

import (
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

// maxErrorBytes is how much of an error's body is read: those of the service are a few kilobytes.
const maxErrorBytes = 1 << 20

// apiError reads an answer that is not a success. It takes what it finds: the service's JSON, its keys in either
// case and its code as text or number, XML from an older gateway, or the page of a proxy, which has neither.
//
// Where the body breaks off before it says what is wrong, and the status alone is no reason to try again, the error is
// the connection's: 400 may be throttling, and 404 a denied access.
func (c *Client) apiError(action string, response *http.Response) error {
	body, broken := io.ReadAll(io.LimitReader(response.Body, maxErrorBytes))

	fields := errorFields(body)
	e := &APIError{
		Action:    action,
		Host:      c.endpoint.Host,
		Status:    response.StatusCode,
		Code:      c.secrets.Clean(fields["code"]),
		Message:   c.secrets.Clean(fields["message"]),
		RequestID: c.secrets.Clean(fields["requestid"]),
		Advice:    c.secrets.Clean(fields["advice"]),
	}
	if e.RequestID == "" {
		e.RequestID = c.secrets.Clean(response.Header.Get("x-acs-request-id"))
	}
	e.Kind = kindOf(e.Code, e.Status)
	if e.Kind == KindRedirect {
		e.Message = "redirected to " + c.secrets.Clean(redirectTarget(response)) + ", which is not followed"
	}
	if broken != nil && e.Code == "" && e.Kind != KindTransient && e.Kind != KindThrottled {
		return broken
	}
	if e.Code == "" && e.Message == "" {
		e.Message = fmt.Sprintf("the answer is no error of the API (content type %q)",
			c.secrets.Clean(response.Header.Get("Content-Type")))
	}
	return e
}

// errorFields gives the fields of an error by their names in lower case, and under "advice" what the service adds to
// help. It is empty where the body is neither JSON nor XML.
func errorFields(body []byte) map[string]string {
	fields := make(map[string]string)
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err == nil {
		denied := ""
		// Where a name stands there in both cases, the one with capitals, which is the service's own, comes last and counts.
		for _, name := range slices.Backward(slices.Sorted(maps.Keys(object))) {
			value := object[name]
			fields[strings.ToLower(name)] = jsonText(value)
			if strings.EqualFold(name, "AccessDeniedDetail") {
				denied = accessDenied(value)
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

// accessDenied gives of the detail of a denied access what a person can act on.
func accessDenied(detail json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(detail, &object) != nil {
		return ""
	}
	var parts []string
	for _, name := range []string{"AuthAction", "NoPermissionType", "PolicyType"} {
		if value := jsonText(object[name]); value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	return strings.Join(parts, ", ")
}

// jsonText gives a JSON string or number as text, and nothing for all else.
func jsonText(value json.RawMessage) string {
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

// joinSentences makes one text of what the service says in several fields, some of which end with a full stop.
func joinSentences(sentences ...string) string {
	said := ""
	for _, sentence := range sentences {
		switch {
		case sentence == "":
		case said == "":
			said = sentence
		case strings.HasSuffix(said, "."):
			said += " " + sentence
		default:
			said += "; " + sentence
		}
	}
	return said
}

// redirectTarget names where a redirect points, without the query, which may repeat what was signed.
func redirectTarget(response *http.Response) string {
	target, err := url.Parse(response.Header.Get("Location"))
	if err != nil || target.Host == "" {
		return "another address"
	}
	return target.Scheme + "://" + target.Host
}
