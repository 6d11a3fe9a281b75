package paisandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the algorithm of signature version 1.0
	"encoding/base64"
	"fmt"
	"net/url"
)

// The signature version 1.0 of RPC APIs. The signature is a parameter that covers all other parameters.
const (
	rpcSignatureMethod  = "HMAC-SHA1"
	rpcSignatureVersion = "1.0"
)

// AuthenticateRPC checks the signature of a request to an RPC API and returns the ID of the access key that signed
// it. It checks the nonce last, as authenticate does.
func (s *Sandbox) AuthenticateRPC(method string, p *Parameters) (id string, refusal *Refusal) {
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
	if refusal := CheckDate(timestamp, now); refusal != nil {
		return id, refusal
	}
	toSign := rpcStringToSign(method, p.values)
	if !hmac.Equal([]byte(rpcSign(k.secret, toSign)), []byte(signature)) {
		return id, BadRequest("SignatureDoesNotMatch", fmt.Sprintf(
			"Specified signature is not matched with our calculation. server string to sign is:%s", toSign))
	}
	if token == "" && k.token != "" {
		return id, MissingParameter("SecurityToken")
	}
	if refusal := checkToken(token, k); refusal != nil {
		return id, refusal
	}
	if !s.nonces.use(id+" "+nonce, now) {
		return id, nonceUsed()
	}
	return id, nil
}

// rpcStringToSign returns the string to sign for the parameters of the query and the body.
func rpcStringToSign(method string, parameters url.Values) string {
	signed := cloneValues(parameters)
	signed.Del("Signature")
	return method + "&" + percentEncode("/") + "&" + percentEncode(canonicalQuery(signed))
}

func rpcSign(secret, message string) string {
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
