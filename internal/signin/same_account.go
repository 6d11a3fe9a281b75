package signin

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// unsupportedVariables are variables with which other tools of the vendor sign in, but not this provider.
var unsupportedVariables = []string{
	"ALIBABA_CLOUD_BEARER_TOKEN", "ALIBABACLOUD_BEARER_TOKEN", "ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET",
	"ACCESS_KEY_ID", "ACCESS_KEY_SECRET",
}

// alicloudModes are the modes of profiles that the alicloud provider uses before a sidecar or an ECS role. It ignores a
// profile without a mode.
var alicloudModes = []string{"AK", "StsToken", "RamRoleArn", "ChainableRamRoleArn", "CloudSSO", "OAuth", "External"}

// cliConfigVariable names the file of profiles for the SDKs, but not for the alicloud provider.
const cliConfigVariable = "ALIBABA_CLOUD_CONFIG_FILE"

// alicloudProfileVariables are the variables that name a profile for the alicloud provider.
var alicloudProfileVariables = []string{"ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"}

// compareWithAlicloud warns if the alicloud provider would sign in with other credentials, or returns an error. Source:
// alicloud/provider.go and alicloud/connectivity/config.go of github.com/aliyun/terraform-provider-alicloud.
func (s search) compareWithAlicloud(selected Source, source *selectedSource) error {
	if selected.Name == sourceKeys {
		return s.compareKeys(source)
	}
	if variables := s.setVariables(keyVariables()); len(variables) > 0 && source.profile.assumesRole() {
		return keysBesideRole(strings.Join(variables, ", "), source.name)
	}
	if selected.Name == sourceProfile {
		s.ignoreToken(s.setVariables(Variables("security_token"))...)
		s.compareProfile(source)
	}
	if variables := s.preferredByAlicloud(selected, source); len(variables) > 0 {
		s.warnf("alicloud uses other credentials", "The provider uses %s. With the same configuration, the alicloud "+
			"provider would use %s. Unset the variables that you don't need.", source.name, strings.Join(variables, ", "))
	}
	return nil
}

// compareKeys handles a profile that is named beside static keys. alicloud uses the keys, but also the role and the
// region of the profile. It ignores a profile that it can't read.
func (s search) compareKeys(source *selectedSource) error {
	name, _ := s.lookup(alicloudProfileVariables...)
	if name == "" {
		return nil
	}
	if err := s.checkIgnored(name); err != nil {
		return err
	}
	file := s.value(Variables("shared_credentials_file")[:2]...)
	if file == "" && s.Home != "" {
		file = filepath.Join(s.Home, cliConfig)
	}
	profile := s.readCLIProfile(file, s.value(name))
	if profile.assumesRole() {
		return keysBesideRole(source.name, fmt.Sprintf("the profile %q of %s (%s)", s.value(name), file, name))
	}
	if source.region = profile.stringMember("region_id"); source.region != "" {
		s.warnEmpty("profile", name)
	}
	return nil
}

func keysBesideRole(keys, profile string) error {
	return safeErrorf("%s are set beside %s, which assumes a role: the alicloud provider would assume this role with "+
		"these keys. Unset the keys or the profile", keys, profile)
}

// compareProfile warns if the alicloud provider reads the profile from another file, or signs in with other members.
func (s search) compareProfile(source *selectedSource) {
	if variable, _ := s.lookup(Variables("shared_credentials_file")...); variable == cliConfigVariable &&
		s.SharedCredentialsFile == "" && s.namesProfileForAlicloud() {
		s.warnf("alicloud uses another file", "The alicloud provider ignores %s and reads the profile from ~/%s. Set "+
			"`shared_credentials_file` in both provider blocks, or unset the variable.", variable, cliConfig)
	}
	mode := source.profile.stringMember("mode")
	hasKeys := source.profile.hasAll("access_key_id", "access_key_secret")
	if hasKeys && slices.Contains([]string{"OIDC", "CredentialsURI", "External"}, mode) {
		s.warnf("alicloud uses other credentials", "The provider uses %s, which has the mode %s. The alicloud provider "+
			"would use the members `access_key_id` and `access_key_secret` of the profile. Remove them.", source.name, mode)
	}
}

func (s search) namesProfileForAlicloud() bool {
	return s.Profile != "" || s.value(alicloudProfileVariables...) != ""
}

// preferredByAlicloud returns the variables that alicloud would use instead of the source: those of a source that
// alicloud tries earlier, or any if it can't use the source.
func (s search) preferredByAlicloud(selected Source, source *selectedSource) []string {
	usable := selected.Name != sourceProfile ||
		s.namesProfileForAlicloud() && slices.Contains(alicloudModes, source.profile.stringMember("mode"))
	keys := keyVariables()
	hasPair := s.value(Variables("access_key")...) != "" && s.value(Variables("secret_key")...) != ""
	if !hasPair && selected.Name != sourceProfile { // alicloud combines one key only with a key of a profile
		keys = nil
	}
	order := []struct {
		name      string
		variables []string
	}{
		{sourceKeys, keys},
		{sourceProfile, alicloudProfileVariables},
		{sourceSidecar, Variables("credentials_uri")},
		{sourceECSRole, Variables("ecs_role_name")},
	}
	for _, other := range order {
		if other.name == selected.Name && usable {
			return nil
		}
		if set := s.setVariables(other.variables); len(set) > 0 && other.name != selected.Name {
			return set
		}
	}
	return nil
}
