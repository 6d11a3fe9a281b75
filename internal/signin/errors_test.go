package signin

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// TestCause checks errors of the library that a test server can't cause, or not quickly.
func TestCause(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{
			`get role name failed: Get "http://100.100.100.200/hidden": context deadline exceeded (Client.Timeout exceeded)`,
			"get role name failed, no response in time",
		},
		{
			`refresh Ecs sts token err: Get "http://100.100.100.200/": dial tcp: connect: network is unreachable`,
			"refresh Ecs sts token err, network is unreachable",
		},
		{"get role name failed: GET http://100.100.100.200/hidden 404", "get role name failed, HTTP 404"},
		{"refresh Ecs sts token err, httpStatus: 403, message = hidden", "refresh Ecs sts token err, HTTP 403"},
		{"command process timed out after 60000 milliseconds", "command process timed out after 60000 milliseconds"},
		{"failed to refresh token, status code: 401", "failed to refresh token, status code, HTTP 401"},
		{`refused = {"Code": "LTAIhidden0123456789"}`, "refused, code (redacted)"},
	} {
		if got := cause(errors.New(test.text)); got != test.want {
			t.Errorf("the cause of %q is %q, want %q", test.text, got, test.want)
		}
	}
	timeout := &url.Error{Op: "Get", URL: "http://hidden", Err: context.DeadlineExceeded}
	if got := cause(timeout); got != "no response in time" {
		t.Errorf("the cause of a timeout is %q", got)
	}
}

// stsErrors returns a configuration for each way to request a session from STS, with the beginning of the error.
func stsErrors(token string) map[string]struct {
	config Configuration
	source string
} {
	arn := testRole("ci")
	return map[string]struct {
		config Configuration
		source string
	}{
		"OIDC": {
			Configuration{OIDC: &OIDC{ProviderARN: testProvider, RoleARN: arn, Token: token, RoleSessionName: "mine"}},
			"OIDC as the role " + arn + " (session name mine): ",
		},
		"role": {
			Configuration{AccessKey: keyID, SecretKey: keySecret, AssumeRole: &AssumeRole{RoleARN: &arn, SessionName: "mine"}},
			"the role " + arn + " (session name mine) assumed with the keys of the provider block: ",
		},
	}
}

// TestErrorCodesOfSTS checks that an error contains the error code of STS, the request ID, and the advice for the code.
func TestErrorCodesOfSTS(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ by, code, advice string }{
		{"OIDC", "AuthenticationFail.OIDCToken.Expired", "get a new OIDC token"},
		{"OIDC", "AuthenticationFail.OIDCToken.Invalid", "issuer and audience"},
		{"OIDC", "AuthenticationFail.NoPermission", "trust policy"},
		{"OIDC", "NoPermission", "oidc:sub"},
		{"OIDC", "AuthenticationFail.Other", "fingerprints"},
		{"OIDC", "EntityNotExist.OIDCProvider", "ARN of the OIDC provider"},
		{"OIDC", "InvalidParameter.OIDCProviderArn", "acs:ram::ACCOUNT_ID:oidc-provider/PROVIDER_NAME"},
		{"OIDC", "InvalidParameter.OIDCToken", "JSON Web Token"},
		{"OIDC", "EntityNotExist.Role", "no role of this name"},
		{"OIDC", "Unheard.Of", "the token has not expired"},
		{"role", "NoPermission", "AliyunSTSAssumeRoleAccess"},
		{"role", "EntityNotExist.Role", "no role of this name"},
		{"role", "InvalidParameter.RoleArn", "acs:ram::ACCOUNT_ID:role/ROLE_NAME"},
		{"role", "InvalidParameter.RoleSessionName", "2 to 64 characters"},
		{"role", "InvalidParameter.DurationSeconds", "maximum session duration"},
		{"role", "InvalidParameter.PolicyGrammar", "valid JSON"},
		{"role", "InvalidAccessKeyId.NotFound", "check the AccessKey"},
		{"role", "SignatureDoesNotMatch", "check the AccessKey secret"},
		{"role", "InvalidSecurityToken.Expired", "has expired"},
		{"role", "InvalidSecurityToken.Malformed", "check the security token"},
		{"role", "Throttling.User", "too many requests"},
		{"role", "ServiceUnavailable", "again later"},
		{"role", "InternalError", "again later"},
		{"role", "Unheard.Of", "trust policy"},
	} {
		t.Run(test.by+" "+test.code, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sts := startSTS(t, s, identity.STSOptions{})
			sts.AddFault(paisandbox.Fault{Do: paisandbox.APIError(403, test.code, "token hidden, eyJhidden")})
			login := stsErrors(identity.OIDCToken(s, "me", time.Hour))[test.by]
			login.config.STSEndpoint = sts.Host()
			_, err := fetch(t, login.config, newEnv(t))
			checkError(t, err, login.source, ", code "+test.code+", request ID "+sts.Requests()[0].RequestID+"; ", test.advice)
		})
	}
}

// TestOddResponsesOfSTS checks that errors contain no part of a response that is not an error response of STS (design
// rule 4).
func TestOddResponsesOfSTS(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   paisandbox.Effect
		want string
	}{
		"HTML of a proxy": {paisandbox.Body(502, "<p>hidden"), "response omitted"},
		"text":            {paisandbox.Body(200, "hidden"), "omitted"},
		"empty body":      {paisandbox.Body(200, ""), "omitted"},
		"null":            {paisandbox.Body(200, "null"), "fail to get credentials"},
		"no credentials":  {paisandbox.OmitMember("Credentials"), "fail to get credentials"},
		"no expiration":   {paisandbox.OmitMember("Credentials", "Expiration"), "incomplete response"},
		"odd expiration":  {paisandbox.SetMember("hidden", "Credentials", "Expiration"), "no valid Expiration"},
		"empty key":       {paisandbox.SetMember("", "Credentials", "AccessKeyId"), "no access key"},
		"empty secret":    {paisandbox.SetMember("", "Credentials", "AccessKeySecret"), "no access key"},
	} {
		for _, by := range []string{"OIDC", "role"} {
			t.Run(by+" "+name, func(t *testing.T) {
				t.Parallel()
				s := startSandbox(t)
				sts := startSTS(t, s, identity.STSOptions{})
				sts.AddFault(paisandbox.Fault{Do: test.do})
				login := stsErrors(identity.OIDCToken(s, "me", time.Hour))[by]
				login.config.STSEndpoint = sts.Host()
				_, err := fetch(t, login.config, newEnv(t))
				checkError(t, err, login.source, test.want, "trust policy")
			})
		}
	}
	for _, login := range stsErrors("t") {
		login.config.STSEndpoint = "127.0.0.1:1"
		_, err := fetch(t, login.config, newEnv(t))
		checkError(t, err, login.source, "connection refused")
	}
}
