package signin

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// TestSTSRefuses: errors say what was asked, what came back and what to do.
func TestSTSRefuses(t *testing.T) {
	t.Parallel()
	refusal := func(code string) string {
		return fmt.Sprintf(`{"RequestId":"7A-8B","HostId":"sts.aliyuncs.com","Code":%q,"Message":"token hidden, eyJhidden"}`, code)
	}
	arn := roleARN
	ways := map[string]struct {
		config Configuration
		name   string
	}{
		"OIDC": {
			Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: arn, Token: "hidden", RoleSessionName: "mine"}},
			"OIDC as the role " + arn + " (session name mine) gave no credentials: ",
		},
		"role": {
			Configuration{AccessKey: "x", SecretKey: "hidden", AssumeRole: &AssumeRole{RoleARN: &arn, SessionName: "mine"}},
			"the role " + arn + " (session name mine) assumed with the keys of the provider block gave no credentials: ",
		},
	}
	for _, test := range []struct {
		way, code string
		want      string
	}{
		{"OIDC", "AuthenticationFail.OIDCToken.Expired", "get a new OIDC token"},
		{"OIDC", "AuthenticationFail.OIDCToken.Invalid", "its issuer and audience"},
		{"OIDC", "AuthenticationFail.NoPermission", "trust policy: it must name the OIDC provider"},
		{"OIDC", "NoPermission", "oidc:sub"},
		{"OIDC", "AuthenticationFail.Other", "fingerprints"},
		{"OIDC", "EntityNotExist.OIDCProvider", "OIDC provider's ARN"},
		{"OIDC", "InvalidParameter.OIDCProviderArn", "acs:ram::<account id>:oidc-provider/<name>"},
		{"OIDC", "InvalidParameter.OIDCToken", "JSON Web Token"},
		{"OIDC", "EntityNotExist.Role", "the account has no role of this name"},
		{"OIDC", "Unheard.Of", "its trust policy admits the token"},
		{"role", "NoPermission", "AliyunSTSAssumeRoleAccess"},
		{"role", "EntityNotExist.Role", "the account has no role of this name"},
		{"role", "InvalidParameter.RoleArn", "acs:ram::<account id>:role/<name>"},
		{"role", "InvalidParameter.RoleSessionName", "2 to 64 letters"},
		{"role", "InvalidParameter.DurationSeconds", "maximum session duration"},
		{"role", "InvalidParameter.PolicyGrammar", "policy that narrows the session"},
		{"role", "InvalidAccessKeyId.NotFound", "STS knows none of this id"},
		{"role", "SignatureDoesNotMatch", "check the AccessKey secret"},
		{"role", "InvalidSecurityToken.Expired", "out of date"},
		{"role", "InvalidSecurityToken.Malformed", "check the security token"},
		{"role", "Throttling.User", "too often"},
		{"role", "ServiceUnavailable", "again later"},
		{"role", "InternalError", "again later"},
		{"role", "Unheard.Of", "its trust policy admits who assumes it"},
	} {
		t.Run(test.way+" "+test.code, func(t *testing.T) {
			t.Parallel()
			sts := serveSTS(t)
			sts.refuse = func(url.Values) (int, string) { return http.StatusForbidden, refusal(test.code) }
			config := ways[test.way].config
			config.STSEndpoint = sts.host
			_, err := signInWith(t, config, around(t))
			checkError(t, err, ways[test.way].name, ", code "+test.code+", request id 7A-8B; ", test.want)
		})
	}
	for name, test := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"a proxy's page":     {http.StatusBadGateway, "<p>hidden", "(what was answered is left out"},
		"text":               {http.StatusOK, "hidden", "left out"},
		"nothing":            {http.StatusOK, "", "left out"},
		"null":               {http.StatusOK, "null", "fail to get credentials"},
		"lacking all":        {http.StatusOK, `{}`, "fail to get credentials"},
		"lacking expiration": {http.StatusOK, `{"Credentials":{"AccessKeyId":"x","AccessKeySecret":"hidden","SecurityToken":"hidden"}}`, "its answer was incomplete"},
		"odd expiration":     {http.StatusOK, `{"Credentials":{"AccessKeyId":"x","AccessKeySecret":"hidden","SecurityToken":"hidden","Expiration":"hidden"}}`, "no readable Expiration"},
		"empty keys":         {http.StatusOK, `{"Credentials":{"AccessKeyId":"","AccessKeySecret":"","SecurityToken":"hidden","Expiration":"2099-01-02T15:04:05Z"}}`, "no key"},
	} {
		for way, meant := range ways {
			t.Run(way+" "+name, func(t *testing.T) {
				t.Parallel()
				sts := serveSTS(t)
				sts.refuse = func(url.Values) (int, string) { return test.status, test.body }
				meant.config.STSEndpoint = sts.host
				_, err := signInWith(t, meant.config, around(t))
				checkError(t, err, meant.name, test.want, "trust policy")
			})
		}
	}
	for _, meant := range ways {
		meant.config.STSEndpoint = "127.0.0.1:1"
		_, err := signInWith(t, meant.config, around(t))
		checkError(t, err, meant.name, "connection refused")
	}
}
