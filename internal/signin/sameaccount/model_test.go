package sameaccount_test

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// alicloudVariables are the variables of the alicloud provider, in its order. Source: alicloud/provider.go of
// github.com/aliyun/terraform-provider-alicloud.
var alicloudVariables = map[string][]string{
	"access_key":     {"ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"},
	"secret_key":     {"ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"},
	"security_token": {"ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"},
	"profile":        {"ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"},
	"shared_credentials_file": {
		"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE",
	},
	"credentials_uri":                         {"ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"},
	"ecs_role_name":                           {"ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"},
	"region":                                  {"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"},
	"assume_role.role_arn":                    {"ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"},
	"assume_role.session_name":                {"ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"},
	"assume_role.session_expiration":          {"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"},
	"assume_role_with_oidc.oidc_provider_arn": {"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"},
	"assume_role_with_oidc.role_arn":          {"ALIBABA_CLOUD_ROLE_ARN"},
	"assume_role_with_oidc.oidc_token":        {"ALIBABA_CLOUD_OIDC_TOKEN"},
	"assume_role_with_oidc.oidc_token_file":   {"ALIBABA_CLOUD_OIDC_TOKEN_FILE"},
	"assume_role_with_oidc.role_session_name": {"ALIBABA_CLOUD_ROLE_SESSION_NAME"},
}

// fails is the identity if there are no usable credentials.
const fails = "fails"

// alicloudModel describes how the alicloud provider signs in with a configuration. Source: providerConfigure and
// getConfigFromProfile in alicloud/provider.go, and RefreshAuthCredential in alicloud/connectivity/config.go.
type alicloudModel struct {
	signin.Configuration
	signin.Env
	profile map[string]string // the named profile, nil if there is none that alicloud uses
}

func newAlicloudModel(config signin.Configuration, env signin.Env) alicloudModel {
	m := alicloudModel{Configuration: config, Env: env}
	name := m.argument("profile", m.Profile)
	file := m.argument("shared_credentials_file", m.SharedCredentialsFile)
	var content struct{ Profiles []map[string]string }
	file = cmp.Or(file, filepath.Join(m.Home, ".aliyun", "config.json"))
	if read, err := os.ReadFile(file); err == nil && json.Unmarshal(read, &content) == nil {
		for _, profile := range content.Profiles {
			if name != "" && profile["name"] == name { // of two, the last one is used
				m.profile = profile
			}
		}
	}
	if _, ok := m.profile["mode"]; !ok {
		m.profile = nil
	}
	return m
}

// value returns the value of the first variable that is set.
func (m alicloudModel) value(variables []string) string {
	for _, variable := range variables {
		if value := m.Getenv(variable); value != "" {
			return value
		}
	}
	return ""
}

// argument returns the block's value, or that of a variable if the block omits the argument.
func (m alicloudModel) argument(name, block string) string {
	if block != "" || slices.Contains(m.Empty, name) {
		return block
	}
	return m.value(alicloudVariables[name])
}

func (m alicloudModel) member(name string, modes ...string) string {
	if slices.Contains(modes, m.profile["mode"]) {
		return m.profile[name]
	}
	return ""
}

func (m alicloudModel) region() string {
	return cmp.Or(m.argument("region", m.Region), m.profile["region_id"], "cn-beijing")
}

// identity returns who signs requests: an AccessKey ID, with + and the token of a session, the name of an
// ECS role, or a role with the session name and, after "<", who assumes it.
func (m alicloudModel) identity() string {
	withKeys := []string{
		"AK", "StsToken", "RamRoleArn", "OIDC", "CredentialsURI", "CloudSSO", "OAuth", "External", "", "ramrolearn",
	}
	id := cmp.Or(m.argument("access_key", m.AccessKey), m.member("access_key_id", withKeys...))
	secret := cmp.Or(m.argument("secret_key", m.SecretKey), m.member("access_key_secret", withKeys...))
	token := cmp.Or(m.argument("security_token", m.SecurityToken), m.member("sts_token", "StsToken"))
	uri := m.argument("credentials_uri", m.CredentialsURI)
	ecsRole := cmp.Or(m.argument("ecs_role_name", m.ECSRoleName), m.member("ram_role_name", "EcsRamRole"))

	var who string
	switch {
	case id != "" && secret != "":
		who = id
		if token != "" {
			who += "+" + token
			if strings.TrimPrefix(token, "token-") != strings.TrimPrefix(id, "id-") {
				who = fails // the token belongs to another session
			}
		}
		if strings.TrimPrefix(id, "id-") != strings.TrimPrefix(secret, "secret-") {
			who = fails // the secret belongs to other keys
		}
	case uri != "":
		who = "id-sidecar+token-sidecar"
	case id != "":
		who = fails
	case ecsRole != "":
		who = ecsRole
	case m.OIDC != nil:
		who = m.oidc()
	default:
		who = fails
	}
	if who == fails {
		return who
	}
	return m.assumedBy(who)
}

func (m alicloudModel) oidc() string {
	const block = "assume_role_with_oidc."
	provider := m.argument(block+"oidc_provider_arn", m.OIDC.ProviderARN)
	role := m.argument(block+"role_arn", m.OIDC.RoleARN)
	token := m.argument(block+"oidc_token", m.OIDC.Token)
	file := m.argument(block+"oidc_token_file", m.OIDC.TokenFile)
	if provider == "" || role == "" || token == "" && file == "" {
		return fails
	}
	name := m.argument(block+"role_session_name", m.OIDC.RoleSessionName)
	return role + "/" + cmp.Or(name, "terraform") + "<" + cmp.Or(token, filepath.Base(file))
}

// assumedBy returns the role that who assumes, or who if there is no role.
func (m alicloudModel) assumedBy(who string) string {
	role, name := m.member("ram_role_arn", "RamRoleArn"), m.member("ram_session_name", "RamRoleArn")
	if block := m.AssumeRole; block != nil {
		var arn string
		if block.RoleARN != nil {
			arn = *block.RoleARN
		} else if arn = m.value(alicloudVariables["assume_role.role_arn"]); arn == "" {
			return fails // role_arn is required
		}
		role = cmp.Or(arn, role)
		name = cmp.Or(m.argument("assume_role.session_name", block.SessionName), name, "terraform")
	}
	if role == "" {
		return who
	}
	return role + "/" + name + "<" + who
}
