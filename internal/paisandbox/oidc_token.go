package paisandbox

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"time"
)

// What the sandbox's identity provider puts into its tokens.
const (
	oidcIssuer   = "https://oidc.sandbox.invalid"
	oidcAudience = "sts.aliyuncs.com"
)

const oidcHeader = `{"alg":"ES256","typ":"JWT"}`

type oidcClaims struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Subject  string `json:"sub"`
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// OIDCToken is a token of an identity provider that the sandbox's STS trusts: a signed JSON Web Token, as CI services
// and Kubernetes give one to a job. With a lifetime below 0 it has expired already.
func (s *Sandbox) OIDCToken(subject string, lifetime time.Duration) string {
	now := s.now()
	claims, err := json.Marshal(oidcClaims{
		Issuer: oidcIssuer, Audience: oidcAudience, Subject: subject, Issued: now.Unix(), Expires: now.Add(lifetime).Unix(),
	})
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	text := encodeSegment([]byte(oidcHeader)) + "." + encodeSegment(claims)
	hash := sha256.Sum256([]byte(text))
	r, c, err := ecdsa.Sign(rand.Reader, s.authority.key, hash[:])
	if err != nil {
		panic(err) // the key is a good one
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	c.FillBytes(signature[32:])
	return text + "." + encodeSegment(signature)
}

// checkOIDCToken reads a token as it came: one with a line's end on it is not the token.
func (s *Sandbox) checkOIDCToken(token string) (claims oidcClaims, refused *apiError) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims, unauthenticated("OIDCToken.Invalid", "The number of Jwt field should be divided into 3 parts with '.' .")
	}
	var decoded [3][]byte
	for k, part := range parts {
		var err error
		if decoded[k], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil || strings.ContainsAny(part, "\r\n") {
			return claims, unauthenticated("OIDCToken.Invalid", "Cannot decode base64 encoded response(format invalided).")
		}
	}
	if json.Unmarshal(decoded[1], &claims) != nil {
		return claims, unauthenticated("OIDCToken.Invalid", "The Jwt content is invalid that cannot be recognized.")
	}
	hash, signature := sha256.Sum256([]byte(parts[0]+"."+parts[1])), decoded[2]
	if len(signature) != 64 || !ecdsa.Verify(&s.authority.key.PublicKey, hash[:],
		new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return claims, unauthenticated("OIDCToken.InvalidSignature", "OIDC token validate failed: invalid signature.")
	}
	if s.now().Unix() >= claims.Expires {
		return claims, unauthenticated("OIDCToken.Expired", "This JsonWebToken is expired.")
	}
	return claims, nil
}

func encodeSegment(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func unauthenticated(code, message string) *apiError {
	return &apiError{Status: http.StatusUnauthorized, Code: "AuthenticationFail." + code, Message: message}
}
