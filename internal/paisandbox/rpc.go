package paisandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the algorithm of signature version 1.0
	"encoding/base64"
	"fmt"
	"net/url"
)

// Requests of the RPC style are signed with the older scheme, whose signature is a parameter over all the others.
const (
	rpcSignatureMethod  = "HMAC-SHA1"
	rpcSignatureVersion = "1.0"
)

// AuthenticateRPC checks the signature of a request of the RPC style and returns the id of the key that signed it. The
// nonce is checked last, as in authenticate.
func (s *Sandbox) AuthenticateRPC(method string, p *Parameters) (id string, refused *Refusal) {
	id = p.Required("AccessKeyId")
	timestamp, nonce, signature := p.Required("Timestamp"), p.Required("SignatureNonce"), p.Required("Signature")
	p.RequireOneOf("SignatureMethod", rpcSignatureMethod)
	p.RequireOneOf("SignatureVersion", rpcSignatureVersion)
	token := p.Optional("SecurityToken")
	if p.err != nil {
		return id, p.err
	}
	now := s.now()
	k, ok := s.keys.find(id, now)
	if !ok {
		return id, accessKeyNotFound()
	}
	if refused := CheckDate(timestamp, now); refused != nil {
		return id, refused
	}
	signed := rpcStringToSign(method, p.values)
	if !hmac.Equal([]byte(rpcSign(k.secret, signed)), []byte(signature)) {
		return id, BadRequest("SignatureDoesNotMatch", fmt.Sprintf(
			"Specified signature is not matched with our calculation. server string to sign is:%s", signed))
	}
	if token == "" && k.token != "" {
		return id, MissingParameter("SecurityToken")
	}
	if refused := checkToken(token, k); refused != nil {
		return id, refused
	}
	if !s.nonces.use(id+" "+nonce, now) {
		return id, nonceUsed()
	}
	return id, nil
}

// rpcStringToSign returns the text that is signed, made from the parameters of the query and of the body.
func rpcStringToSign(method string, parameters url.Values) string {
	signed := cloneValues(parameters)
	signed.Del("Signature")
	return method + "&" + percentEncode("/") + "&" + percentEncode(canonicalQuery(signed))
}

func rpcSign(secret, text string) string {
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
