package signin

import (
	"cmp"
	"fmt"
	"path/filepath"
	"reflect"
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
var alicloudProfileVariables = Variables("profile")[:2]

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

// compareKeys compares static keys with a profile that variables name beside them. alicloud combines the keys with the
// role and the region of the profile, and ignores a profile that it can't read. compareKeys returns an error if the
// profile assumes a role. Otherwise it sets the region of the source to that of the profile.
func (s search) compareKeys(source *selectedSource) error {
	name, _ := s.Lookup(alicloudProfileVariables...)
	if name == "" {
		return nil
	}
	if err := s.checkIgnored(name); err != nil {
		return err
	}
	profile, file := s.alicloudProfile(s.value(name))
	if profile.assumesRole() {
		return keysBesideRole(source.name, fmt.Sprintf("the profile %q of %s (%s)", s.value(name), file, name))
	}
	if profile.stringMember("mode") == "StsToken" && profile.hasAll("sts_token") && source.keys.SecurityToken == "" {
		s.ignoreToken(fmt.Sprintf("`sts_token` of the profile %q (%s)", s.value(name), name))
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

// alicloudProfile returns the profile that alicloud reads, and its file. The profile is nil if alicloud uses none.
// Unlike the CLI, alicloud uses the last of several profiles with the same name, and ignores a profile without a mode.
func (s search) alicloudProfile(name string) (profile cliProfile, file string) {
	file = cmp.Or(s.SharedCredentialsFile, s.value(Variables("shared_credentials_file")[:2]...))
	if file == "" && s.Home != "" {
		file = filepath.Join(s.Home, cliConfig)
	}
	for _, members := range slices.Backward(s.readCLIProfiles(file)) {
		if members.stringMember("name") != name {
			continue
		}
		if _, ok := members["mode"]; !ok {
			return nil, file
		}
		return members, file
	}
	return nil, file
}

// compareProfile warns if the alicloud provider reads another profile, or signs in with other members.
func (s search) compareProfile(source *selectedSource) {
	name := cmp.Or(s.Profile, s.value(alicloudProfileVariables...))
	other, file := s.alicloudProfile(name)
	variable, _ := s.Lookup(Variables("shared_credentials_file")...)
	switch {
	case name == "":
		return
	case variable == cliConfigVariable && s.SharedCredentialsFile == "":
		s.warnf("alicloud uses another file", "The alicloud provider ignores %s and reads the profile from ~/%s. Set "+
			"`shared_credentials_file` in both provider blocks, or unset the variable.", variable, cliConfig)
	case other != nil && source.profile == nil: // a file of the SDKs
		s.warnf("alicloud uses another profile", "The provider uses %s, because of %s. The alicloud provider ignores this "+
			"variable and uses the profile %q of %s. Unset the variable.", source.name, profileDisabled, name, file)
	case other != nil && !reflect.DeepEqual(other, source.profile):
		s.warnf("alicloud uses another profile", "The provider uses the first profile %q of %s, as the CLI does. The "+
			"alicloud provider uses the last profile with this name. Rename one of them.", name, file)
	}
	s.compareMembers(source)
}

// sameMembers are the modes in which alicloud uses the same members of a profile as this provider, or can't sign in.
var sameMembers = []string{"AK", "StsToken", "RamRoleArn", "ChainableRamRoleArn", "EcsRamRole", "CloudSSO", "OAuth"}

// compareMembers warns if alicloud would sign in with the keys in a profile of another mode. In a profile whose mode it
// doesn't know, alicloud uses the keys. Modes in another case and empty modes are unknown to it.
func (s search) compareMembers(source *selectedSource) {
	mode := source.profile.stringMember("mode")
	_, hasMode := source.profile["mode"]
	if hasMode && !slices.Contains(sameMembers, mode) && source.profile.mode() != "AK" &&
		source.profile.hasAll("access_key_id", "access_key_secret") {
		s.warnf("alicloud uses other credentials", "The provider uses %s, which has the mode %q. The alicloud provider "+
			"would use only the members `access_key_id` and `access_key_secret` of the profile. If the profile doesn't need "+
			"them, remove them. Otherwise write the mode as %s.", source.name, mode, source.profile.mode())
	}
}

func (s search) namesProfileForAlicloud() bool {
	return s.Profile != "" || s.value(alicloudProfileVariables...) != ""
}

// preferredByAlicloud returns the variables that alicloud would use instead of the source. They belong to a source that
// alicloud tries earlier. If alicloud can't use the source, they can belong to any other source.
func (s search) preferredByAlicloud(selected Source, source *selectedSource) []string {
	usable := selected.Name != sourceProfile ||
		s.namesProfileForAlicloud() && slices.Contains(alicloudModes, source.profile.stringMember("mode"))
	keys := keyVariables()
	hasPair := s.value(Variables("access_key")...) != "" && s.value(Variables("secret_key")...) != ""
	if !hasPair && !source.profile.hasAll("access_key_id", "access_key_secret") {
		keys = nil // alicloud combines one key only with a key of a profile
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
