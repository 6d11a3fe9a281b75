package signin

import (
	"context"
	"errors"
	"net/url"
	"strings"
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
		{"OIDC", "InvalidTimeStamp.Expired", "clock of this machine"},
		{"OIDC", "Unheard.Of", "with the request ID"},
		{"role", "NoPermission", "AliyunSTSAssumeRoleAccess"},
		{"role", "NoPermission", "set external_id"},
		{"role", "AuthenticationFail.ApiUsername", "trust policy"},
		{"role", "InvalidTimeStamp.Format", "clock of this machine"},
		{"role", "IllegalTimestamp", "clock of this machine"},
		{"role", "SignatureNonceUsed", "a proxy repeats requests"},
		{"role", "InvalidAccessKeyId.Inactive", "enable the AccessKey"},
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
		{"role", "Unheard.Of", "with the request ID"},
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
			trust := strings.HasPrefix(test.code, "NoPermission") || strings.HasPrefix(test.code, "AuthenticationFail")
			if strings.Contains(err.Error(), "trust policy") && !trust {
				t.Errorf("%s is not caused by a trust policy: %v", test.code, err)
			}
		})
	}
}

// TestCausesOfSTSErrors causes errors of STS as users cause them, and checks that the advice names the cause.
func TestCausesOfSTSErrors(t *testing.T) {
	t.Parallel()
	arn := testRole("r")
	late := func() time.Time { return time.Now().Add(16 * time.Minute) }
	for name, test := range map[string]struct {
		now  func() time.Time // clock of STS
		role AssumeRole
		keys func(paisandbox.Session) Configuration // nil for the static keys
		want []string
	}{
		"wrong clock": {now: late, want: []string{"code InvalidTimeStamp.Expired", "clock of this machine"}},
		"missing token": {
			keys: func(base paisandbox.Session) Configuration {
				return Configuration{AccessKey: base.AccessKeyID, SecretKey: base.AccessKeySecret}
			},
			want: []string{
				"code MissingSecurityToken", "`security_token`", "ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN",
				"`sts_token`",
			},
		},
		"no external ID": {want: []string{"code NoPermission", "sts:ExternalId", "set `external_id`"}},
		"wrong external ID": {
			role: AssumeRole{ExternalID: "other"}, want: []string{"code NoPermission", "Check that `external_id`"},
		},
		"malformed external ID": {
			role: AssumeRole{ExternalID: "a b"}, want: []string{"InvalidParameter.ExternalId", "2 or more characters"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := paisandbox.Start(t.Context(), paisandbox.Options{
				AccessKeyID: keyID, AccessKeySecret: keySecret, Authority: authority, Now: test.now,
			})
			if err != nil {
				t.Fatal(err)
			}
			config := Configuration{AccessKey: keyID, SecretKey: keySecret}
			if test.keys != nil {
				config = test.keys(s.Issue(paisandbox.Session{By: "test"}, time.Hour))
			}
			test.role.RoleARN = &arn
			config.AssumeRole, config.STSEndpoint = &test.role, startSTS(t, s, identity.STSOptions{ExternalID: "mine"}).Host()
			_, err = fetch(t, config, newEnv(t))
			checkError(t, err, test.want...)
			if isTemporary(err) {
				t.Errorf("temporary: %v", err)
			}
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
				checkError(t, err, login.source, test.want, "check that `sts_endpoint` is the host of STS")
			})
		}
	}
	for _, login := range stsErrors("t") {
		login.config.STSEndpoint = "127.0.0.1:1"
		_, err := fetch(t, login.config, newEnv(t))
		checkError(t, err, login.source, "connection refused")
	}
}
