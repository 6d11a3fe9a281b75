package signin

import "strings"

// advice is what to do about a code of STS.
type advice struct {
	code string // or what codes begin with
	text string
}

// unreachable stands for a code where STS gave none, as it gave no answer.
const (
	unreachable       = "(no answer)"
	unreachableAdvice = "check that STS can be reached from here: HTTPS_PROXY and NO_PROXY, the certificate authorities that are trusted " +
		"(SSL_CERT_FILE), sts_endpoint, region and network"
)

// sessionAdvice is for codes that mean the same whatever has the role assumed. The first that fits counts.
var sessionAdvice = []advice{
	{unreachable, unreachableAdvice},
	{"EntityNotExist.Role", "check the role's ARN: the account has no role of this name"},
	{"InvalidParameter.RoleArn", "check the role's ARN, which has the form acs:ram::<account id>:role/<name>"},
	{"InvalidParameter.RoleSessionName", "check the session name: 2 to 64 letters, digits and . @ - _"},
	{"InvalidParameter.DurationSeconds", "check the session's expiration: 900 seconds at least, and at most the maximum session duration that is set at the role"},
	{"InvalidParameter.Policy", "check the policy that narrows the session: it is a policy in JSON, and not too long"},
	{"InvalidAccessKeyId", "check the AccessKey: STS knows none of this id, or it is disabled"},
	{"SignatureDoesNotMatch", "check the AccessKey secret: it isn't that of the id"},
	{"InvalidSecurityToken.Expired", "sign in anew: the session that the role was to be assumed with is out of date"},
	{"InvalidSecurityToken", "check the security token: it isn't that of the AccessKey id"},
	{"Throttling", "try again later: STS is asked too often"},
	{"ServiceUnavailable", "try again later"},
	{"InternalError", "try again later"},
}

// roleAdvice is for a role that is assumed with other credentials.
func roleAdvice(code string) string {
	return fitting(code, []advice{
		{"NoPermission", "check that the role's trust policy names who assumes it as a principal (and the external id, where it asks for one), and that " +
			"this user or role is allowed sts:AssumeRole, for instance by AliyunSTSAssumeRoleAccess; the root user of an account can't assume roles"},
	}, "check the role's ARN, and that its trust policy admits who assumes it")
}

// oidcAdvice is for a role that is assumed with an OIDC token.
func oidcAdvice(code string) string {
	const trust = "check the role's trust policy: it must name the OIDC provider as a federated principal, and its conditions " +
		"oidc:iss, oidc:aud and oidc:sub must fit the token"
	return fitting(code, []advice{
		{"AuthenticationFail.OIDCToken.Expired", "get a new OIDC token: this one is out of date"},
		{"AuthenticationFail.OIDCToken", "check the OIDC token: that it is whole, and that its issuer and audience are those of the OIDC provider"},
		{"AuthenticationFail.NoPermission", trust},
		{"NoPermission", trust},
		{"AuthenticationFail", "check that the OIDC provider's issuer, client ids and fingerprints fit the token, and the role's trust policy"},
		{"EntityNotExist.OIDCProvider", "check the OIDC provider's ARN: the account has none of this name"},
		{"EntityNotExist.OidcProvider", "check the OIDC provider's ARN: the account has none of this name"},
		{"InvalidParameter.OIDCProviderArn", "check the OIDC provider's ARN, which has the form acs:ram::<account id>:oidc-provider/<name>"},
		{"InvalidParameter.OIDCToken", "check the OIDC token: it is a JSON Web Token as it was issued"},
	}, "check the role's ARN, that its trust policy admits the token, and that the token is not out of date")
}

func profileAdvice(string) string {
	return "check the profile, for instance with `aliyun sts GetCallerIdentity`"
}

func always(text string) func(string) string {
	return func(string) string { return text }
}

func fitting(code string, own []advice, otherwise string) string {
	for _, known := range append(own, sessionAdvice...) {
		if strings.HasPrefix(code, known.code) {
			return known.text
		}
	}
	return otherwise
}
