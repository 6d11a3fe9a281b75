package identity

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// Issuer and audience of the tokens that OIDCToken returns.
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

// OIDCToken returns a token of an identity provider that every STS of the sandbox trusts. The token is a signed JSON
// Web Token, such as CI services and Kubernetes issue to a job. If the lifetime is negative, the token has already
// expired.
func OIDCToken(s *paisandbox.Sandbox, subject string, lifetime time.Duration) string {
	now := s.Now()
	claims := marshal(oidcClaims{
		Issuer: oidcIssuer, Audience: oidcAudience, Subject: subject, Issued: now.Unix(), Expires: now.Add(lifetime).Unix(),
	})
	signed := encodeSegment([]byte(oidcHeader)) + "." + encodeSegment(claims)
	return signed + "." + encodeSegment(s.Authority().SignES256([]byte(signed)))
}

// checkOIDCToken returns the claims of the token. It returns an error response if OIDCToken did not return exactly this
// token. A final newline, for example, makes it invalid.
func checkOIDCToken(s *paisandbox.Sandbox, token string) (claims oidcClaims, errResp *paisandbox.ErrorResponse) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims, authenticationFailure("OIDCToken.Invalid",
			"The number of Jwt field should be divided into 3 parts with '.' .")
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		decoded[i], err = base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || strings.ContainsAny(part, "\r\n") { // DecodeString would ignore newlines
			return claims, authenticationFailure("OIDCToken.Invalid", "Cannot decode base64 encoded response(format invalided).")
		}
	}
	if json.Unmarshal(decoded[1], &claims) != nil {
		return claims, authenticationFailure("OIDCToken.Invalid", "The Jwt content is invalid that cannot be recognized.")
	}
	if !s.Authority().VerifyES256([]byte(parts[0]+"."+parts[1]), decoded[2]) {
		return claims, authenticationFailure("OIDCToken.InvalidSignature", "OIDC token validate failed: invalid signature.")
	}
	if s.Now().Unix() >= claims.Expires {
		return claims, authenticationFailure("OIDCToken.Expired", "This JsonWebToken is expired.")
	}
	return claims, nil
}

func encodeSegment(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func authenticationFailure(code, message string) *paisandbox.ErrorResponse {
	return &paisandbox.ErrorResponse{Status: http.StatusUnauthorized, Code: "AuthenticationFail." + code, Message: message}
}
