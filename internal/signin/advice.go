package signin

import (
	"slices"
	"strings"
)

// advice is what errors of a source recommend.
type advice struct {
	codes     []codeAdvice // the first that matches is used
	otherwise string
	sts       bool // the source asks STS, whose overload is temporary
}

type codeAdvice struct{ prefix, text string }

// forCode returns the advice for an error code, "" if there is none.
func (a advice) forCode(code string) string {
	for _, known := range a.codes {
		if strings.HasPrefix(code, known.prefix) {
			return known.text
		}
	}
	return a.otherwise
}

// codeUnreachable is used as the code if there is no response.
const codeUnreachable = "(unreachable)"

// stsCodes are the codes of STS that don't depend on how a role is assumed.
var stsCodes = []codeAdvice{
	{codeUnreachable, "check that STS is reachable from here: HTTPS_PROXY and NO_PROXY, the trusted certificate " +
		"authorities (SSL_CERT_FILE), sts_endpoint, region and network"},
	{"EntityNotExist.Role", "check the role ARN: the account has no role of this name"},
	{"InvalidParameter.RoleArn", "check the role ARN: its form is acs:ram::<account id>:role/<name>"},
	{"InvalidParameter.RoleSessionName", "check the session name: 2 to 64 letters, digits and . @ - _"},
	{
		"InvalidParameter.DurationSeconds",
		"check the session expiration: at least 900 seconds, and at most the maximum session duration of the role",
	},
	{"InvalidParameter.Policy", "check the policy of the session: it must be valid JSON and not too long"},
	{"InvalidAccessKeyId", "check the AccessKey: STS doesn't know its ID, or it is disabled"},
	{"SignatureDoesNotMatch", "check the AccessKey secret: it doesn't belong to the ID"},
	{"InvalidSecurityToken.Expired", "sign in again: the session with which the role was to be assumed has expired"},
	{"InvalidSecurityToken", "check the security token: it doesn't belong to the AccessKey ID"},
	{"Throttling", "try again later: STS received too many requests"},
	{"ServiceUnavailable", "try again later"},
	{"InternalError", "try again later"},
}

// roleAdvice is for a role that is assumed with other credentials.
var roleAdvice = advice{
	sts: true,
	codes: slices.Concat([]codeAdvice{{
		"NoPermission",
		"check that the role's trust policy allows this user or role as a principal (with the external ID, if it " +
			"requires one), and that this user or role is allowed sts:AssumeRole, for example by " +
			"AliyunSTSAssumeRoleAccess; the root user of an account can't assume roles",
	}}, stsCodes),
	otherwise: "check the role ARN and the role's trust policy",
}

const oidcTrustAdvice = "check the role's trust policy: it must have the OIDC provider as a federated principal, " +
	"and its conditions oidc:iss, oidc:aud and oidc:sub must match the token"

// oidcAdvice is for a role that is assumed with an OIDC token.
var oidcAdvice = advice{
	sts: true,
	codes: slices.Concat([]codeAdvice{
		{"AuthenticationFail.OIDCToken.Expired", "get a new OIDC token: this one has expired"},
		{
			"AuthenticationFail.OIDCToken",
			"check that the OIDC token is complete, and that its issuer and audience are those of the OIDC provider",
		},
		{"AuthenticationFail.NoPermission", oidcTrustAdvice},
		{"NoPermission", oidcTrustAdvice},
		{
			"AuthenticationFail",
			"check the role's trust policy, and that the OIDC provider's issuer, client IDs and fingerprints match the token",
		},
		{"EntityNotExist.OIDCProvider", "check the ARN of the OIDC provider: the account has none of this name"},
		{"EntityNotExist.OidcProvider", "check the ARN of the OIDC provider: the account has none of this name"},
		{
			"InvalidParameter.OIDCProviderArn",
			"check the ARN of the OIDC provider: its form is acs:ram::<account id>:oidc-provider/<name>",
		},
		{"InvalidParameter.OIDCToken", "check the OIDC token: it must be a JSON Web Token, unchanged"},
	}, stsCodes),
	otherwise: "check the role ARN, the role's trust policy, and that the token has not expired",
}

var profileAdvice = advice{otherwise: "check the profile, for example with `aliyun sts GetCallerIdentity`"}
