package paisandbox

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	apiVersion = "2021-02-04"
	dateFormat = "2006-01-02T15:04:05Z"
)

// alwaysSigned are the headers without which a signature means nothing.
var alwaysSigned = []string{
	"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
}

// authenticate checks what the gateway checks before the service sees a request. The nonce comes last: one that is
// used up by a request that was refused for something else would hide the first error behind a second.
func (s *Sandbox) authenticate(r *http.Request, query url.Values, body []byte) *Refusal {
	auth, ok := parseAuthorization(r.Header.Get("Authorization"))
	if !ok {
		return BadRequest("IncompleteSignature", "The request signature does not conform to Aliyun standards: the header Authorization is missing or malformed.")
	}
	if refused := checkSignedHeaders(r, auth.headers); refused != nil {
		return refused
	}
	now := s.now()
	k, known := s.keys.find(auth.id, now)
	if !known {
		return accessKeyNotFound()
	}
	contentHash := r.Header.Get("X-Acs-Content-Sha256")
	if contentHash != hexSHA256(body) {
		return BadRequest("InvalidParameter.ContentSha256", "The header x-acs-content-sha256 is not the hash of the body.")
	}
	if refused := CheckDate(r.Header.Get("X-Acs-Date"), now); refused != nil {
		return refused
	}
	canonical := canonicalRequest(r, query, auth.headers, contentHash)
	text := stringToSign(canonical)
	if !hmac.Equal([]byte(sign(k.secret, text)), []byte(auth.signature)) {
		return BadRequest("SignatureDoesNotMatch", fmt.Sprintf(
			"Specified signature is not matched with our calculation. AccessKeyId is [%s], server string to sign is [%s], server canonical request is [%s].",
			auth.id, text, canonical))
	}
	if refused := checkToken(r.Header.Get("X-Acs-Security-Token"), k); refused != nil {
		return refused
	}
	if !s.nonces.use(auth.id+" "+r.Header.Get("X-Acs-Signature-Nonce"), now) {
		return nonceUsed()
	}
	return nil
}

func accessKeyNotFound() *Refusal {
	return &Refusal{Status: http.StatusNotFound, Code: "InvalidAccessKeyId.NotFound", Message: "Specified access key is not found."}
}

func nonceUsed() *Refusal {
	return BadRequest("SignatureNonceUsed", "Specified signature nonce was used already.")
}

func checkSignedHeaders(r *http.Request, signed []string) *Refusal {
	for _, name := range alwaysSigned {
		if name != "host" && r.Header.Get(name) == "" {
			return BadRequest("MissingParameter", name+" is mandatory for this action.")
		}
	}
	must := slices.Clone(alwaysSigned)
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-acs-") || lower == "content-type" {
			must = append(must, lower)
		}
	}
	slices.Sort(must)
	for _, name := range must {
		if !slices.Contains(signed, name) {
			return BadRequest("IncompleteSignature", "The request signature does not conform to Aliyun standards: the header "+name+" is not signed.")
		}
	}
	return nil
}

// CheckDate refuses a date that isn't in the form of the API or is more than 15 minutes from now.
func CheckDate(date string, now time.Time) *Refusal {
	parsed, err := time.Parse(dateFormat, date)
	if err != nil {
		return BadRequest("InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")
	}
	if age := now.Sub(parsed); age > dateTolerance || age < -dateTolerance {
		return BadRequest("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
	}
	return nil
}

func checkToken(token string, k key) *Refusal {
	switch {
	case token != k.token:
		return BadRequest("InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
	case k.expired:
		return BadRequest("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
	}
	return nil
}
