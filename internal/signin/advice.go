package signin

import (
	"slices"
	"strings"
)

// advice holds the advice that errors of a credential source contain, by error code.
type advice struct {
	cause     string       // if set, errors start with it, and end with their own cause
	codes     []codeAdvice // the first entry whose prefix matches is used
	otherwise string       // used if no entry matches
	sts       bool         // the source sends requests to STS, so some of its errors are temporary
}

type codeAdvice struct{ prefix, text string }

// forCode returns the advice for an error code.
func (a advice) forCode(code string) string {
	for _, entry := range a.codes {
		if strings.HasPrefix(code, entry.prefix) {
			return entry.text
		}
	}
	return a.otherwise
}

// Values that are used as the error code of an error without one.
const (
	codeUnreachable = "(unreachable)" // no response was received
	codeUnexpected  = "(unexpected)"  // a response is not one of STS
	codeUnreadable  = "(unreadable)"  // a file could not be read, or is empty
)

// unknownCodeAdvice is the advice for an error code of STS that this package doesn't know.
const unknownCodeAdvice = "if the code is unclear, contact Alibaba Cloud support with the request ID"

// stsCodes is the advice for errors that STS returns for both AssumeRole and AssumeRoleWithOIDC. It contains the codes
// that every API returns for the signature of a request, and those of the reference of AssumeRole:
// https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
//
// Only NoPermission and AuthenticationFail can be caused by a trust policy, so only their advice is about trust
// policies.
var stsCodes = []codeAdvice{
	{codeUnreachable, "check that STS is reachable from here: HTTPS_PROXY and NO_PROXY, the trusted certificate " +
		"authorities (SSL_CERT_FILE), `sts_endpoint`, `region` and `network`"},
	{
		codeUnexpected,
		"check that `sts_endpoint` is the host of STS, and that no proxy responds in its place (HTTPS_PROXY)",
	},
	{"InvalidTimeStamp", clockAdvice},
	{"IllegalTimestamp", clockAdvice},
	{
		"SignatureNonceUsed",
		"try again. STS received the same request twice. If this happens again, check whether a proxy repeats requests",
	},
	{
		"MissingSecurityToken",
		"set the security token: the AccessKey ID belongs to an STS session. The token is `security_token` in the provider " +
			"block, " + strings.Join(Variables("security_token"), " or ") + " in the environment, and `sts_token` in a profile",
	},
	{"EntityNotExist.Role", "check the role ARN: the account has no role of this name"},
	{"InvalidParameter.RoleArn", "check the role ARN: use the form acs:ram::ACCOUNT_ID:role/ROLE_NAME"},
	{
		"InvalidParameter.RoleSessionName",
		"check the session name: use 2 to 64 characters, each of them a letter, a digit, or one of `.`, `@`, `_` and `-`",
	},
	{
		"InvalidParameter.DurationSeconds",
		"check the session expiration: at least 900 seconds, and at most the maximum session duration of the role",
	},
	{
		"InvalidParameter.ExternalId",
		"check the external ID: use 2 or more characters, each of them a letter, a digit, or one of `=`, `,`, `.`, `@`, " +
			"`:`, `/`, `-` and `_`",
	},
	{"InvalidParameter.Policy", "check the policy of the session: it must be valid JSON and not too long"},
	{"InvalidAccessKeyId.Inactive", "enable the AccessKey, or use another one: it is disabled"},
	{"InvalidAccessKeyId", "check the AccessKey: its ID does not exist, or it is disabled"},
	{"SignatureDoesNotMatch", "check the AccessKey secret: it doesn't belong to the ID"},
	{"InvalidSecurityToken.Expired", "sign in again: the session that assumes the role has expired"},
	{"InvalidSecurityToken", "check the security token: it doesn't belong to the AccessKey ID"},
	{"Throttling", "try again later: STS received too many requests"},
	{"ServiceUnavailable", "try again later"},
	{"InternalError", "try again later"},
}

const clockAdvice = "correct the clock of this machine: STS accepts a request for 15 minutes after its timestamp"

// advice returns the advice for errors of AssumeRole, which is called with other credentials. STS responds to a wrong
// external ID with NoPermission, as to any other reason for which the trust policy doesn't apply.
func (r assumedRole) advice() advice {
	external := "If the trust policy requires an external ID (sts:ExternalId), set `external_id`"
	if r.externalID != "" {
		external = "Check that `external_id` is the external ID in the trust policy (sts:ExternalId)"
	}
	policies := "check that the role's trust policy allows the user or role of the credentials as a principal. " +
		external + ". Also check that this user or role has the permission sts:AssumeRole, for example by the policy " +
		"AliyunSTSAssumeRoleAccess. The root user of an account can't assume roles"
	return advice{
		sts:       true,
		codes:     slices.Concat([]codeAdvice{{"NoPermission", policies}, {"AuthenticationFail", policies}}, stsCodes),
		otherwise: unknownCodeAdvice,
	}
}

const oidcTrustAdvice = "check the role's trust policy: it must have the OIDC provider as a federated principal, " +
	"and its conditions oidc:iss, oidc:aud and oidc:sub must match the token"

// oidcAdvice is the advice for errors of AssumeRoleWithOIDC, which is called with an OIDC token.
var oidcAdvice = advice{
	sts: true,
	codes: slices.Concat([]codeAdvice{
		{codeUnreadable, "check the path, the permissions and the content of the file with the OIDC token"},
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
			"check the ARN of the OIDC provider: use the form acs:ram::ACCOUNT_ID:oidc-provider/PROVIDER_NAME",
		},
		{"InvalidParameter.OIDCToken", "check the OIDC token: it must be a JSON Web Token, unchanged"},
	}, stsCodes),
	otherwise: unknownCodeAdvice,
}

var profileAdvice = advice{otherwise: "check the profile, for example with `aliyun sts GetCallerIdentity`"}
