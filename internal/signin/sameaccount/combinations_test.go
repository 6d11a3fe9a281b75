package sameaccount_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
)

// TestNeverAnotherAccountSilently combines blocks, roles and variables. Where alicloud can sign in, this provider must
// sign in as the same identity in the same region, or return an error or a warning.
func TestNeverAnotherAccountSilently(t *testing.T) {
	t.Parallel()
	blocks := []string{
		"", "access_key=id-b secret_key=secret-b", "access_key=id-a", "secret_key=secret-a", "security_token=token-a",
		"access_key=id-b secret_key=secret-b security_token=token-b", "profile=ak", "profile=ram", "profile=oidc",
		"profile=leftover", "profile=twice", "profile=lower-mode", "shared_credentials_file=OTHER",
		"profile=ak shared_credentials_file=OTHER",
		"credentials_uri=URI", "ecs_role_name=ecs-b", "access_key= secret_key=", "profile=", "credentials_uri= region=",
		"assume_role_with_oidc.oidc_provider_arn=p assume_role_with_oidc.role_arn=o assume_role_with_oidc.oidc_token=t",
		"assume_role_with_oidc.oidc_token_file=FILE", "region=r-b",
	}
	roles := []string{"", "assume_role", "assume_role.role_arn=", "assume_role.role_arn=role-b"}
	variables := []string{
		"ALICLOUD_ACCESS_KEY=id-a ALICLOUD_SECRET_KEY=secret-a",
		"ALIBABA_CLOUD_ACCESS_KEY_ID=id-c ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret-c",
		"ALICLOUD_ACCESS_KEY=id-a", "ALICLOUD_SECRET_KEY=secret-a", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret-a",
		"ALICLOUD_SECURITY_TOKEN=token-a", "ALIBABA_CLOUD_SECURITY_TOKEN=token-c", "ALIBABACLOUD_SECURITY_TOKEN=token-sts",
		"ALICLOUD_PROFILE=ak", "ALIBABA_CLOUD_PROFILE=ram", "ALICLOUD_PROFILE=sts", "ALIBABACLOUD_PROFILE=ak",
		"ALICLOUD_PROFILE=oidc", "ALICLOUD_PROFILE=missing", "ALICLOUD_PROFILE=ecs-p",
		"ALIBABA_CLOUD_CREDENTIALS_FILE=OTHER", "ALIBABA_CLOUD_CONFIG_FILE=OTHER",
		"ALICLOUD_CREDENTIALS_URI=URI", "ALIBABA_CLOUD_ECS_METADATA=ecs-e",
		"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p ALIBABA_CLOUD_OIDC_TOKEN=t2 ALIBABA_CLOUD_ROLE_ARN=o2",
		"ALIBABA_CLOUD_ROLE_ARN=role-e", "ALICLOUD_ASSUME_ROLE_ARN=role-f", "ALICLOUD_REGION=r-1",
		"ALIBABA_CLOUD_REGION_ID=r-2", "ALIBABA_CLOUD_IGNORE_PROFILE=true", "ALICLOUD_PROFILE=no-mode",
		"ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true", "ALIBABACLOUD_ROLE_SESSION_NAME=other",
	}
	a := newAccount(t)
	checked := 0
	for i, first := range variables {
		for _, second := range append(variables[i+1:len(variables):len(variables)], "") {
			for _, block := range blocks {
				for _, role := range roles {
					if second != "" && role != "" && i%4 != 0 { // to save time
						continue
					}
					c := accountCase{block: block + " " + role, variables: first + " " + second}
					config, env := a.input(t, c)
					model := newAlicloudModel(config, env)
					want := model.identity()
					if want == fails {
						continue
					}
					checked++
					who, region, warnings, err := a.signIn(t, config, env)
					isSame := who == want && cmp.Or(region, "cn-beijing") == model.region()
					// A variable that names a profile always causes a warning beside another source of the block.
					if isSame && strings.Contains(fmt.Sprint(warnings), "alicloud uses other credentials") &&
						!strings.Contains(c.variables, "PROFILE=") {
						t.Errorf("%+v: signs in as %s, as alicloud does, but warns: %v", c, who, warnings)
					}
					if err == nil && len(warnings) == 0 && !isSame {
						t.Errorf("%+v: signs in as %s in %q without a warning, alicloud as %s in %q",
							c, who, region, want, model.region())
					}
				}
			}
		}
	}
	t.Logf("%d combinations", checked)
}
