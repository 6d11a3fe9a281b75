package paisandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the algorithm of signature version 1.0
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const signatureAlgorithm = "ACS3-HMAC-SHA256"

// authorization is a parsed Authorization header.
type authorization struct {
	id        string   // access key ID
	headers   []string // names of the signed headers, in lower case, in the order of SignedHeaders
	signature string
}

// parseAuthorization parses `ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<a;b>,Signature=<hex>`.
func parseAuthorization(header string) (authorization, bool) {
	algorithm, rest, _ := strings.Cut(header, " ")
	if algorithm != signatureAlgorithm {
		return authorization{}, false
	}
	members := map[string]string{}
	for member := range strings.SplitSeq(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(member), "=")
		if !ok {
			return authorization{}, false
		}
		if _, ok := members[name]; ok { // the name occurs twice
			return authorization{}, false
		}
		members[name] = value
	}
	a := authorization{id: members["Credential"], signature: members["Signature"]}
	if a.id == "" || a.signature == "" || members["SignedHeaders"] == "" || len(members) != 3 {
		return authorization{}, false
	}
	a.headers = strings.Split(members["SignedHeaders"], ";")
	return a, true
}

// canonicalRequest returns the canonical form of the request, from which the signature is computed.
func canonicalRequest(r *http.Request, query url.Values, signed []string, contentHash string) string {
	names := slices.Clone(signed)
	slices.Sort(names)
	var b strings.Builder
	b.WriteString(r.Method + "\n" + canonicalPath(r.URL) + "\n" + canonicalQuery(query) + "\n")
	for _, name := range names {
		b.WriteString(name + ":" + canonicalHeader(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(names, ";") + "\n" + contentHash)
	return b.String()
}

// canonicalPath returns the path as it was sent, except that three escapes are replaced. Alibaba Cloud's SDKs sign the
// path in this form.
func canonicalPath(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		return "/"
	}
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(path)
}

func canonicalQuery(query url.Values) string {
	pairs := make([]string, 0, len(query))
	for name, values := range query {
		for _, value := range values {
			pairs = append(pairs, percentEncode(name)+"="+percentEncode(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func canonicalHeader(r *http.Request, name string) string {
	if name == "host" {
		return r.Host
	}
	values := slices.Clone(r.Header.Values(name))
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	slices.Sort(values)
	return strings.Join(values, ",")
}

// percentEncode escapes every byte except the unreserved characters of RFC 3986. Package net/url has no function for
// this.
func percentEncode(s string) string {
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-_.~", c) >= 0:
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', upper[c>>4], upper[c&15]})
		}
	}
	return b.String()
}

func stringToSign(canonical string) string {
	return signatureAlgorithm + "\n" + hexSHA256([]byte(canonical))
}

func sign(secret, message string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

// Signatures of version 1.0 are used by RPC APIs. The signature is a parameter and covers all other parameters.
const (
	rpcSignatureMethod  = "HMAC-SHA1"
	rpcSignatureVersion = "1.0"
)

// rpcStringToSign returns the string to sign for the parameters in the query and the body.
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

func hexSHA256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
