package sameaccount_test

import (
	"cmp"
	"strings"
	"testing"
)

const (
	keysA   = "ALICLOUD_ACCESS_KEY=id-a ALICLOUD_SECRET_KEY=secret-a "
	keysC   = "ALIBABA_CLOUD_ACCESS_KEY_ID=id-c ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret-c "
	keysD   = "ALIBABACLOUD_ACCESS_KEY_ID=id-d ALIBABACLOUD_ACCESS_KEY_SECRET=secret-d "
	blockB  = "access_key=id-b secret_key=secret-b "
	oidcB   = "assume_role_with_oidc.oidc_provider_arn=p assume_role_with_oidc.role_arn=o "
	oidcEnv = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p ALIBABA_CLOUD_OIDC_TOKEN=t2 ALIBABA_CLOUD_ROLE_ARN=o2 "
)

// accountRows are combinations of a block and variables, beside the files of newAccount. The columns alicloud and pai
// say who signs, in which region. "same" is what alicloud does. names are in the warning or the error of this provider.
var accountRows = []struct {
	name, block, variables string
	alicloud, pai          string
	names                  string
}{
	// Static keys and their families.
	{"keys of the block", blockB, keysA + "ALICLOUD_REGION=r", "id-b in r", "same", ""},
	{"first family", "region=r", keysA, "id-a in r", "same", ""},
	{"second family", "", keysC + "ALIBABA_CLOUD_REGION=r", "id-c in r", "same", ""},
	{"third family", "region=r", keysD, "id-d in r", "same", ""},
	{
		"two families", "region=r", keysC + keysA,
		"id-a in r", "same", "ALICLOUD_ACCESS_KEY ALIBABA_CLOUD_ACCESS_KEY_ID",
	},
	{
		"third family last", "region=r", keysC + keysD,
		"id-c in r", "same", "ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABACLOUD_ACCESS_KEY_ID",
	},
	{
		"half a pair beside a pair", "", "ALICLOUD_ACCESS_KEY=id-a " + keysC,
		fails, "error", "ALICLOUD_ACCESS_KEY ALICLOUD_SECRET_KEY",
	},
	{
		"a pair of two families", "region=r", "ALICLOUD_ACCESS_KEY=id-c ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret-c",
		"id-c in r", "error", "ALICLOUD_ACCESS_KEY ALICLOUD_SECRET_KEY",
	},
	{"ID in the block", "access_key=id-a region=r", "ALICLOUD_SECRET_KEY=secret-a", "id-a in r", "same", ""},
	{"secret in the block", "secret_key=secret-c region=r", keysC, "id-c in r", "same", ""},
	{
		"token with the secret", "access_key=id-a region=r", "ALICLOUD_SECRET_KEY=secret-a ALICLOUD_SECURITY_TOKEN=token-a",
		"id-a+token-a in r", "same", "",
	},
	{
		"token elsewhere", "secret_key=secret-a region=r", "ALICLOUD_ACCESS_KEY=id-a ALICLOUD_SECURITY_TOKEN=token-a",
		"id-a+token-a in r", "id-a in r", "ALICLOUD_SECURITY_TOKEN",
	},
	{
		"token of another family", "region=r", keysA + "ALIBABA_CLOUD_SECURITY_TOKEN=token-a",
		"id-a+token-a in r", "id-a in r", "ALIBABA_CLOUD_SECURITY_TOKEN",
	},

	// Empty arguments.
	{"empty keys", "access_key= secret_key= region=r", keysA, fails, "id-a in r", "access_key ALICLOUD_ACCESS_KEY"},
	{
		"empty keys, sidecar", "access_key= credentials_uri=URI region=r", keysA,
		"id-sidecar+token-sidecar in r", "same", "ALICLOUD_ACCESS_KEY",
	},
	{"empty profile", blockB + "profile= region=r", "", "id-b in r", "same", ""},
	{
		"empty region", blockB + "region=", "ALICLOUD_REGION=r",
		"id-b in cn-beijing", "id-b in r", "region ALICLOUD_REGION",
	},
	{
		"empty role", "profile=ram assume_role.role_arn=", "ALICLOUD_ASSUME_ROLE_ARN=x",
		"role-ram/mine<id-ram in r-ram", "same", "",
	},

	// Profiles.
	{"profile of the block", "profile=ak", "", "id-ak in r-ak", "same", ""},
	{"profile of a variable", "", "ALIBABA_CLOUD_PROFILE=sts", "id-sts+token-sts in r-sts", "same", ""},
	{
		"two profiles", "", "ALIBABA_CLOUD_PROFILE=sts ALICLOUD_PROFILE=ak",
		"id-ak in r-ak", "same", "ALICLOUD_PROFILE ALIBABA_CLOUD_PROFILE",
	},
	{"profile beside keys", "profile=ak", keysA, "id-a in r-ak", "id-ak in r-ak", "ALICLOUD_ACCESS_KEY"},
	{"keys beside a profile", "", keysA + "ALICLOUD_PROFILE=ak", "id-a in r-ak", "same", ""},
	{
		"keys beside a role", blockB, "ALICLOUD_PROFILE=ram",
		"role-ram/mine<id-b in r-ram", "error", `ALICLOUD_PROFILE "ram"`,
	},
	{"role beside keys", "profile=ram", keysA, "role-ram/mine<id-a in r-ram", "error", `ALICLOUD_ACCESS_KEY "ram"`},
	{"file of a variable", "profile=ak", "ALICLOUD_SHARED_CREDENTIALS_FILE=OTHER", "id-other in r-other", "same", ""},
	{
		"file of the SDKs' variable", "profile=ak", "ALIBABA_CLOUD_CONFIG_FILE=OTHER",
		"id-ak in r-ak", "id-other in r-other", "ALIBABA_CLOUD_CONFIG_FILE",
	},
	{"name of a variable", "shared_credentials_file=OTHER", "ALICLOUD_PROFILE=ak", "id-other in r-other", "same", ""},
	{
		"mode of the CLI", "profile=oidc", "ALICLOUD_CREDENTIALS_URI=URI",
		"id-sidecar+token-sidecar in r-oidc", "role-oidc/mine<token-of-profile in r-oidc", "ALICLOUD_CREDENTIALS_URI",
	},
	{
		"keys left in a profile", "profile=leftover region=r", "",
		"id-old in r", "role-oidc/mine<token-of-profile in r", "access_key_id",
	},
	{
		"two profiles of one name", "profile=twice region=r", "",
		"id-last in r", "id-first in r", `alicloud "twice"`,
	},
	{
		"profile of the SDKs", "region=r", "ALICLOUD_PROFILE=ak ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true",
		"id-ak in r", "id-sdk in r", `alicloud "ak" config.json`,
	},
	{
		"empty mode", "profile=empty-mode region=r", "",
		"id-empty in r", "role-empty/mine<id-empty in r", "access_key_id",
	},
	{
		"mode in lower case", "profile=lower-mode region=r", "",
		"id-lower in r", "role-lower/mine<id-lower in r", "access_key_id",
	},
	{"region of a profile without a mode", "", keysA + "ALICLOUD_PROFILE=no-mode", "id-a in cn-beijing", "id-a in ", ""},
	{
		"token of a profile beside keys", "access_key=id-sts secret_key=secret-sts", "ALICLOUD_PROFILE=sts",
		"id-sts+token-sts in r-sts", "id-sts in r-sts", "sts_token ALICLOUD_PROFILE",
	},
	{"one key beside an ECS role", "profile=ecs-p region=r", "ALICLOUD_SECRET_KEY=secret-a", "ecs-p in r", "same", ""},
	{
		"ignored profile", "", "ALICLOUD_PROFILE=ak ALIBABA_CLOUD_IGNORE_PROFILE=TRUE",
		"id-ak in r-ak", "error", "ALICLOUD_PROFILE ALIBABA_CLOUD_IGNORE_PROFILE",
	},
	{
		"ignored profile beside keys", "", keysA + "ALICLOUD_PROFILE=ak ALIBABA_CLOUD_IGNORE_PROFILE=TRUE",
		"id-a in r-ak", "error", "ALICLOUD_PROFILE ALIBABA_CLOUD_IGNORE_PROFILE",
	},

	// Other sources.
	{
		"two sources in the block", "profile=ak ecs_role_name=ecs-b", "",
		"id-ak in r-ak", "error", "profile ecs_role_name",
	},
	{
		"sidecar beside a profile", "credentials_uri=URI region=r", "ALICLOUD_PROFILE=ak",
		"id-ak in r", "id-sidecar+token-sidecar in r", "ALICLOUD_PROFILE",
	},
	{
		"ECS role beside keys", "ecs_role_name=ecs-b region=r", keysC,
		"id-c in r", "ecs-b in r", "ALIBABA_CLOUD_ACCESS_KEY_ID",
	},
	{
		"profile of an ECS role", "region=r", "ALICLOUD_PROFILE=ecs-p ALICLOUD_ECS_ROLE_NAME=ecs-e",
		"ecs-e in r", "ecs-p in r", "ALICLOUD_ECS_ROLE_NAME",
	},
	{
		"OIDC", oidcB + "assume_role_with_oidc.oidc_token=t region=r", "ALIBABA_CLOUD_OIDC_TOKEN=t2",
		"o/terraform<t in r", "same", "",
	},
	{"OIDC of variables", "assume_role_with_oidc region=r", oidcEnv, "o2/terraform<t2 in r", "same", ""},
	{"OIDC without a block", "region=r", oidcEnv, fails, "o2/terraform<t2 in r", ""},
	{
		"OIDC beside an ECS role", oidcB + "assume_role_with_oidc.oidc_token=t region=r", "ALICLOUD_ECS_ROLE_NAME=ecs-e",
		"ecs-e in r", "o/terraform<t in r", "ALICLOUD_ECS_ROLE_NAME",
	},
	{
		"OIDC's file", oidcB + "assume_role_with_oidc.oidc_token_file=FILE region=r", "ALIBABA_CLOUD_OIDC_TOKEN=t2",
		"o/terraform<t2 in r", "o/terraform<oidc-file in r", "ALIBABA_CLOUD_OIDC_TOKEN",
	},
	{
		"OIDC's file before the third family", oidcB + "assume_role_with_oidc region=r",
		"ALIBABA_CLOUD_OIDC_TOKEN_FILE=FILE ALIBABACLOUD_OIDC_TOKEN=t3", "o/terraform<oidc-file in r", "same", "",
	},
	{
		"OIDC's session name of the third family", oidcB + "assume_role_with_oidc.oidc_token=t region=r",
		"ALIBABACLOUD_ROLE_SESSION_NAME=other", "o/terraform<t in r", "o/other<t in r",
		"alicloud ALIBABACLOUD_ROLE_SESSION_NAME role_session_name",
	},
	{
		"order of the environment", "region=r",
		oidcEnv + "ALIBABA_CLOUD_ECS_METADATA=ecs-e ALICLOUD_CREDENTIALS_URI=URI ALICLOUD_PROFILE=ak",
		"id-ak in r", "same", "",
	},
	{
		"sidecar before an ECS role", "region=r",
		oidcEnv + "ALIBABA_CLOUD_ECS_METADATA=ecs-e ALICLOUD_CREDENTIALS_URI=URI",
		"id-sidecar+token-sidecar in r", "same", "",
	},
	{"ECS role before OIDC", "assume_role_with_oidc region=r", oidcEnv, "o2/terraform<t2 in r", "same", ""},

	// Roles and regions.
	{
		"role of a variable beside keys", "region=r", keysA + "ALIBABA_CLOUD_ROLE_ARN=x ALICLOUD_ASSUME_ROLE_ARN=y",
		"id-a in r", "same", "",
	},
	{"role of the block", "assume_role.role_arn=x region=r", keysA, "x/terraform<id-a in r", "same", ""},
	{
		"role of variables", "assume_role region=r", keysA + "ALIBABA_CLOUD_ROLE_ARN=x ALICLOUD_ASSUME_ROLE_ARN=y",
		"y/terraform<id-a in r", "same", "ALICLOUD_ASSUME_ROLE_ARN ALIBABA_CLOUD_ROLE_ARN",
	},
	{"role on a RamRoleArn profile", "profile=ram assume_role.role_arn=x", "", "x/mine<id-ram in r-ram", "same", ""},
	{
		"session name", "profile=ram assume_role.role_arn= assume_role.session_name=s", "",
		"role-ram/s<id-ram in r-ram", "same", "",
	},
	{
		"session name of the third family", "assume_role.role_arn=x region=r",
		keysA + "ALIBABACLOUD_ROLE_SESSION_NAME=other", "x/terraform<id-a in r", "same", "",
	},
	{
		"empty session name", "profile=ram assume_role.role_arn= assume_role.session_name=",
		"ALICLOUD_ASSUME_ROLE_SESSION_NAME=other", "role-ram/mine<id-ram in r-ram", "role-ram/other<id-ram in r-ram",
		"session_name ALICLOUD_ASSUME_ROLE_SESSION_NAME",
	},
	{
		"role on a session", "assume_role.role_arn=x region=r", keysA + "ALICLOUD_SECURITY_TOKEN=token-a",
		"x/terraform<id-a+token-a in r", "same", "",
	},
	{
		"two regions", "", keysA + "ALIBABA_CLOUD_REGION=q ALICLOUD_REGION=r",
		"id-a in r", "same", "ALICLOUD_REGION ALIBABA_CLOUD_REGION",
	},
	{
		"region of the CLI's variable", "", keysA + "ALIBABA_CLOUD_REGION_ID=q",
		"id-a in cn-beijing", "id-a in q", "ALIBABA_CLOUD_REGION_ID",
	},
	{"no region", "", keysA, "id-a in cn-beijing", "id-a in ", ""},
}

// TestAccounts checks who signs for each row, and that the column alicloud is what the source of alicloud says.
func TestAccounts(t *testing.T) { //nolint:paralleltest // the rows share an STS that records its requests
	if len(accountRows) < 40 {
		t.Errorf("%d rows, want at least 40", len(accountRows))
	}
	a := newAccount(t)
	for _, row := range accountRows { //nolint:paralleltest // as above
		t.Run(row.name, func(t *testing.T) {
			config, env := a.input(t, accountCase{block: row.block, variables: row.variables})
			model := newAlicloudModel(config, env)
			alicloud := model.identity()
			if alicloud != fails {
				alicloud += " in " + model.region()
			}
			if alicloud != row.alicloud {
				t.Errorf("alicloud: %s, want %s", alicloud, row.alicloud)
			}
			who, region, warnings, err := a.signIn(t, config, env)
			got, said := who+" in "+region, ""
			if err != nil {
				got, said = "error", err.Error()
			}
			for _, warning := range warnings {
				said += warning.Detail
			}
			if want := strings.Replace(row.pai, "same", row.alicloud, 1); got != want {
				t.Errorf("pai: %s, want %s (%s)", got, want, said)
			}
			for name := range strings.FieldsSeq(row.names) {
				if !strings.Contains(said, name) {
					t.Errorf("%s is not in %q", name, said)
				}
			}
			if row.names == "" && said != "" {
				t.Errorf("unexpected warning %q", said)
			}
			if cmp.Or(row.pai, "same") != "same" && row.alicloud != fails && row.names == "" &&
				region != "" {
				t.Error("differs from alicloud without a warning")
			}
		})
	}
}
