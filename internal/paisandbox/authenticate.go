package paisandbox

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/signature"
)

const dateFormat = "2006-01-02T15:04:05Z"

// requiredSignedHeaders are the headers that every request must contain and sign.
var requiredSignedHeaders = []string{
	"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
}

// authenticate checks the signature, the credentials, the date and the nonce of a request, as the API's gateway does.
// It checks the nonce last, so that a request that is refused for another reason doesn't use up its nonce.
func (s *Sandbox) authenticate(r *http.Request, query url.Values, body []byte) *ErrorResponse {
	auth, ok := signature.ParseAuthorization(r.Header.Get("Authorization"))
	if !ok {
		return incompleteSignature("the header Authorization is missing or malformed")
	}
	if errResp := checkSignedHeaders(r, auth.Headers); errResp != nil {
		return errResp
	}
	now := s.now()
	k, ok := s.keys.find(auth.ID, now)
	if !ok {
		return accessKeyNotFound()
	}
	contentHash := r.Header.Get("X-Acs-Content-Sha256")
	if contentHash != signature.HexSHA256(body) {
		return BadRequest("InvalidParameter.ContentSha256", "The header x-acs-content-sha256 is not the hash of the body.")
	}
	if errResp := CheckDate(r.Header.Get("X-Acs-Date"), now); errResp != nil {
		return errResp
	}
	canonical := signature.CanonicalRequest(r, query, auth.Headers, contentHash)
	toSign := signature.StringToSign(canonical)
	if !hmac.Equal([]byte(signature.Sign(k.secret, toSign)), []byte(auth.Signature)) {
		return BadRequest("SignatureDoesNotMatch", fmt.Sprintf("Specified signature is not matched with our calculation. "+
			"AccessKeyId is [%s], server string to sign is [%s], server canonical request is [%s].",
			auth.ID, toSign, canonical))
	}
	if errResp := checkToken(r.Header.Get("X-Acs-Security-Token"), k); errResp != nil {
		return errResp
	}
	if !s.nonces.use(auth.ID+" "+r.Header.Get("X-Acs-Signature-Nonce"), now) {
		return nonceUsed()
	}
	return nil
}

// AuthenticateRPC checks the signature of a request to an RPC API. It returns the ID of the access key that signed the
// request. Like authenticate, it checks the nonce last.
func (s *Sandbox) AuthenticateRPC(method string, p *Parameters) (string, *ErrorResponse) {
	id := p.Required("AccessKeyId")
	timestamp, nonce, signed := p.Required("Timestamp"), p.Required("SignatureNonce"), p.Required("Signature")
	p.RequireOneOf("SignatureMethod", signature.RPCMethod)
	p.RequireOneOf("SignatureVersion", signature.RPCVersion)
	token := p.Optional("SecurityToken")
	if p.err != nil {
		return id, p.err
	}
	now := s.now()
	k, ok := s.keys.find(id, now)
	if !ok {
		return id, accessKeyNotFound()
	}
	if errResp := CheckDate(timestamp, now); errResp != nil {
		return id, errResp
	}
	toSign := signature.RPCStringToSign(method, p.values)
	if !hmac.Equal([]byte(signature.SignRPC(k.secret, toSign)), []byte(signed)) {
		return id, BadRequest("SignatureDoesNotMatch", fmt.Sprintf(
			"Specified signature is not matched with our calculation. server string to sign is:%s", toSign))
	}
	if token == "" && k.token != "" {
		return id, MissingParameter("SecurityToken")
	}
	if errResp := checkToken(token, k); errResp != nil {
		return id, errResp
	}
	if !s.nonces.use(id+" "+nonce, now) {
		return id, nonceUsed()
	}
	return id, nil
}

func incompleteSignature(reason string) *ErrorResponse {
	return BadRequest("IncompleteSignature",
		"The request signature does not conform to Aliyun standards: "+reason+".")
}

func accessKeyNotFound() *ErrorResponse {
	message := "Specified access key is not found."
	return &ErrorResponse{Status: http.StatusNotFound, Code: "InvalidAccessKeyId.NotFound", Message: message}
}

func nonceUsed() *ErrorResponse {
	return BadRequest("SignatureNonceUsed", "Specified signature nonce was used already.")
}

// checkSignedHeaders checks that the request contains the required headers. It also checks that the request signs them,
// Content-Type, and every header that starts with x-acs-.
func checkSignedHeaders(r *http.Request, signed []string) *ErrorResponse {
	for _, name := range requiredSignedHeaders {
		if name != "host" && r.Header.Get(name) == "" {
			return BadRequest("MissingParameter", name+" is mandatory for this action.")
		}
	}
	required := slices.Clone(requiredSignedHeaders)
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-acs-") || lower == "content-type" {
			required = append(required, lower)
		}
	}
	slices.Sort(required)
	for _, name := range required {
		if !slices.Contains(signed, name) {
			return incompleteSignature("the header " + name + " is not signed")
		}
	}
	return nil
}

// CheckDate returns an error response if the date is not in the API's format or is more than 15 minutes from now.
func CheckDate(date string, now time.Time) *ErrorResponse {
	parsed, err := time.Parse(dateFormat, date)
	if err != nil {
		return BadRequest("InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")
	}
	if age := now.Sub(parsed); age > dateTolerance || age < -dateTolerance {
		return BadRequest("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
	}
	return nil
}

func checkToken(token string, k accessKey) *ErrorResponse {
	switch {
	case token != k.token:
		return BadRequest("InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
	case k.expired:
		return BadRequest("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
	}
	return nil
}
