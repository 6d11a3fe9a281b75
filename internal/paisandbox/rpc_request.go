package paisandbox

import (
	"crypto/hmac"
	"fmt"
	"mime"
	"net/http"
	"net/url"
)

const formType = "application/x-www-form-urlencoded"

// readRPC gives the parameters of a request of RPC's style: those of the query and those of a form together.
func (x *exchange) readRPC() (*parameters, *apiError) {
	switch {
	case x.http.URL.Path != "/":
		return nil, actionNotFound("there is nothing at this path")
	case x.http.Method != http.MethodGet && x.http.Method != http.MethodPost:
		return nil, methodNotSupported("an RPC is a GET or a POST")
	case x.queryErr != nil:
		return nil, unparsable("query", x.queryErr)
	}
	form, refused := x.readForm()
	if refused != nil {
		return nil, refused
	}
	all := cloneValues(x.query)
	for name, values := range form {
		all[name] = append(all[name], values...)
	}
	return &parameters{query: all}, nil
}

// readForm gives a form's values, and logs them.
func (x *exchange) readForm() (url.Values, *apiError) {
	if len(x.body) == 0 {
		return nil, nil
	}
	if kind, _, err := mime.ParseMediaType(x.http.Header.Get("Content-Type")); err != nil || kind != formType {
		return nil, invalidParameter("ContentType", "the body must be "+formType)
	}
	form, err := url.ParseQuery(string(x.body))
	if err != nil {
		return nil, unparsable("body", err)
	}
	x.service.log.change(func() { x.record.Form = form })
	return form, nil
}

// authenticateRPC tells whose key signed the request. As with the API, the nonce comes last.
func (x *exchange) authenticateRPC(p *parameters, nonces *nonceStore) (id string, refused *apiError) {
	id = p.required("AccessKeyId")
	timestamp, nonce, signature := p.required("Timestamp"), p.required("SignatureNonce"), p.required("Signature")
	p.requireOneOf("SignatureMethod", rpcSignatureMethod)
	p.requireOneOf("SignatureVersion", rpcSignatureVersion)
	token := p.optional("SecurityToken")
	if p.err != nil {
		return id, p.err
	}
	now := x.sandbox.now()
	k, known := x.sandbox.keys.find(id, now)
	if !known {
		return id, accessKeyNotFound()
	}
	if refused := checkDate(timestamp, now); refused != nil {
		return id, refused
	}
	text := rpcStringToSign(x.http.Method, p.query)
	if !hmac.Equal([]byte(rpcSign(k.secret, text)), []byte(signature)) {
		return id, badRequest("SignatureDoesNotMatch", fmt.Sprintf(
			"Specified signature is not matched with our calculation. server string to sign is:%s", text))
	}
	if token == "" && k.token != "" {
		return id, missingParameter("SecurityToken")
	}
	if refused := checkToken(token, k); refused != nil {
		return id, refused
	}
	if !nonces.use(id+" "+nonce, now) {
		return id, nonceUsed()
	}
	return id, nil
}
