package paiclient

import (
	"net/http"
	"strings"
)

// Kind sorts the API's errors by what can be done about them.
type Kind int

// The kinds, in no order.
const (
	KindOther        Kind = iota
	KindThrottled         // too many requests: wait as told, then again
	KindTransient         // the service's own trouble: again
	KindExpiredToken      // again with newly fetched credentials
	KindCredentials       // the keys, the session or the signature are wrong
	KindClock             // this machine's clock is off
	KindPermission        // the keys are right and may not do this
	KindParameter         // the service refuses a parameter
	KindNotFound          // no such image, or no such API at this address
	KindRedirect          // sent elsewhere, where nothing is followed
)

// deniedByRBAC comes with HTTP 404 and is no "not found": AIWorkSpace's code for "denied by RAM and workspace roles".
const deniedByRBAC = "100700008"

// codeKinds tells kinds by the code, the first match decides. "*" before or after stands for anything.
// Source: the error codes of the vendor's gateway and of AIWorkSpace.
var codeKinds = []struct {
	pattern string
	kind    Kind
}{
	{"*throttling*", KindThrottled},
	{"signaturenonceused*", KindTransient}, // the transport had resent a signed request by itself
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

// statusKinds tells kinds where the code says nothing.
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

// kindOf sorts an error by its code, and by the status only where the code is unknown: the service sends throttling
// as 400 and denied access as 404.
func kindOf(code string, status int) Kind {
	code = strings.ToLower(code)
	for _, known := range codeKinds {
		if matches(known.pattern, code) {
			return known.kind
		}
	}
	if status >= 300 && status < 400 {
		return KindRedirect
	}
	return statusKinds[status]
}

func matches(pattern, code string) bool {
	before, after := strings.HasPrefix(pattern, "*"), strings.HasSuffix(pattern, "*")
	word := strings.Trim(pattern, "*")
	switch {
	case before && after:
		return strings.Contains(code, word)
	case after:
		return strings.HasPrefix(code, word)
	}
	return code == word
}
