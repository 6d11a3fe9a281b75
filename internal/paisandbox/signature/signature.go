// Package signature computes the signatures of requests to Alibaba Cloud APIs: version 3 as the image API uses it, and
// version 1.0 of the RPC APIs.
package signature

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the algorithm of signature version 1.0
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Algorithm is the algorithm of signatures of version 3.
const Algorithm = "ACS3-HMAC-SHA256"

// Authorization is a parsed Authorization header.
type Authorization struct {
	ID        string   // access key ID
	Headers   []string // names of the signed headers, in lower case, in the order of SignedHeaders
	Signature string
}

// ParseAuthorization parses `ACS3-HMAC-SHA256 Credential=<id>,SignedHeaders=<a;b>,Signature=<hex>`. It returns false if
// the header has another form.
func ParseAuthorization(header string) (Authorization, bool) {
	algorithm, rest, _ := strings.Cut(header, " ")
	if algorithm != Algorithm {
		return Authorization{}, false
	}
	members := map[string]string{}
	for member := range strings.SplitSeq(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(member), "=")
		if !ok {
			return Authorization{}, false
		}
		if _, ok := members[name]; ok { // the name occurs twice
			return Authorization{}, false
		}
		members[name] = value
	}
	a := Authorization{ID: members["Credential"], Signature: members["Signature"]}
	if a.ID == "" || a.Signature == "" || members["SignedHeaders"] == "" || len(members) != 3 {
		return Authorization{}, false
	}
	a.Headers = strings.Split(members["SignedHeaders"], ";")
	return a, true
}

// CanonicalRequest returns the canonical form of the request, from which the signature is computed.
func CanonicalRequest(r *http.Request, query url.Values, signed []string, contentHash string) string {
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

// StringToSign returns the string that Sign signs for a canonical request.
func StringToSign(canonical string) string {
	return Algorithm + "\n" + HexSHA256([]byte(canonical))
}

// Sign returns the signature of version 3 of a string to sign, in hexadecimal digits.
func Sign(secret, message string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

// Signatures of version 1.0 are used by RPC APIs. The signature is a parameter and covers all other parameters.
const (
	RPCMethod  = "HMAC-SHA1"
	RPCVersion = "1.0"
)

// RPCStringToSign returns the string to sign for the parameters in the query and the body.
func RPCStringToSign(method string, parameters url.Values) string {
	signed := maps.Clone(parameters)
	signed.Del("Signature")
	return method + "&" + percentEncode("/") + "&" + percentEncode(canonicalQuery(signed))
}

// SignRPC returns the signature of version 1.0 of a string to sign, in Base64.
func SignRPC(secret, message string) string {
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// HexSHA256 returns the SHA-256 hash of the data in hexadecimal digits.
func HexSHA256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
