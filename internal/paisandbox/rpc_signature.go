package paisandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what signatures of version 1.0 are made with
	"encoding/base64"
	"net/url"
)

// The older way to sign, that of RPC: all parameters but the signature, which is one itself.
const (
	rpcSignatureMethod  = "HMAC-SHA1"
	rpcSignatureVersion = "1.0"
)

// rpcStringToSign is the text that is signed, made from parameters of the query and of the body alike.
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
