package signin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/signin/configfile"
)

// defaultProfile is the name of the profile that is used if none is named: in a file of the CLI without a current
// profile, and in a file of the SDKs.
const defaultProfile = "default"

// cliProfile is a profile in the configuration file of the Alibaba Cloud CLI. The keys are the names of its JSON
// members.
type cliProfile map[string]any

func (p cliProfile) stringMember(name string) string {
	value, _ := p[name].(string)
	return strings.TrimSpace(value)
}

func (p cliProfile) intMember(name string) int64 {
	value, _ := p[name].(float64)
	return int64(value)
}

// hasAll reports whether all of the members are set.
func (p cliProfile) hasAll(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return p.stringMember(name) == "" })
}

// mode returns the mode of the profile, or "" if it has none. Like the CLI, it ignores case, and it infers a missing
// mode from the other members.
func (p cliProfile) mode() string {
	if mode := p.stringMember("mode"); mode != "" {
		for _, known := range knownModes() {
			if strings.EqualFold(mode, known) {
				return known
			}
		}
		return mode
	}
	switch {
	case p.hasAll("access_key_id", "access_key_secret", "sts_token"):
		return "StsToken"
	case p.hasAll("access_key_id", "access_key_secret", "ram_role_arn"):
		return "RamRoleArn"
	case p.hasAll("access_key_id", "access_key_secret"):
		return "AK"
	case p.hasAll("private_key", "key_pair_name"):
		return "RsaKeyPair"
	case p.hasAll("ram_role_name"):
		return "EcsRamRole"
	case p.hasAll("process_command"):
		return "External"
	case p.hasAll("oidc_provider_arn", "oidc_token_file", "ram_role_arn"):
		return "OIDC"
	case p.hasAll("cloud_sso_sign_in_url"):
		return "CloudSSO"
	case p.hasAll("bearer_token"):
		return "BearerToken"
	}
	return ""
}

// assumesRole reports whether alicloud assumes a role with the keys of the profile. It ignores a profile without a
// mode.
func (p cliProfile) assumesRole() bool { return p.stringMember("mode") == "RamRoleArn" }

// network returns paiclient.NetworkVPC if the profile selects the VPC endpoints, or "".
func (p cliProfile) network() string {
	if strings.EqualFold(p.stringMember("endpoint_type"), paiclient.NetworkVPC) {
		return paiclient.NetworkVPC
	}
	return ""
}

// ignoreVariables are the variables that disable all profiles, as in the CLI.
var ignoreVariables = []string{"ALIBABA_CLOUD_IGNORE_PROFILE", "ALIBABACLOUD_IGNORE_PROFILE"}

// ignoresProfiles returns the variable that disables all profiles, or "" if there is none.
func (s search) ignoresProfiles() string {
	for _, variable := range ignoreVariables {
		if s.isTrue(variable) {
			return variable
		}
	}
	return ""
}

// cliFile is the content of the CLI's configuration file.
type cliFile struct {
	current  string // the name of the current profile, "" if there is none
	profiles map[string]cliProfile
	opening  []string // the profiles being opened: each is the source_profile of the one before it
}

func (f cliFile) names() string { return strings.Join(slices.Sorted(maps.Keys(f.profiles)), ", ") }

// cliContent is the JSON of the CLI's configuration file.
type cliContent struct {
	Current  string       `json:"current"`
	Profiles []cliProfile `json:"profiles"`
}

func parseCLIFile(content []byte) (cliFile, error) {
	var config cliContent
	if err := json.Unmarshal(content, &config); err != nil {
		return cliFile{}, err
	}
	file := cliFile{strings.TrimSpace(config.Current), make(map[string]cliProfile, len(config.Profiles)), nil}
	for _, member := range slices.Backward(config.Profiles) { // if two profiles have the same name, the CLI uses the first
		file.profiles[member.stringMember("name")] = member
	}
	return file, nil
}

// readCLIProfiles returns the profiles of the CLI's configuration file, or nil if it can't be read.
func (s search) readCLIProfiles(file string) []cliProfile {
	path, err := s.expandHome(file)
	if err != nil || path == "" {
		return nil
	}
	content, err := os.ReadFile(path) //nolint:gosec // the user configured the path
	if err != nil {
		return nil
	}
	var config cliContent
	if json.Unmarshal(content, &config) != nil {
		return nil
	}
	return config.Profiles
}

// checkEncoding returns an error if the file is empty or is encoded in UTF-16, as PowerShell does by default.
func (p fileProfile) checkEncoding(content []byte) error {
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return safeErrorf("%s is empty: run `aliyun configure`", p.file)
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")),
		bytes.IndexByte(content[:min(len(content), 2)], 0) >= 0:
		return safeErrorf("%s is encoded in UTF-16: save it in UTF-8, for example in PowerShell with "+
			"`Set-Content -Encoding utf8`", p.file)
	}
	return nil
}

// openCLI opens a profile of the CLI's configuration file. It parses the file itself, because the errors of the library
// contain parts of the file.
func (p fileProfile) openCLI(content []byte) (fileProfile, error) {
	file, err := parseCLIFile(content)
	switch {
	case err != nil:
		return p, safeErrorf("%s is not the JSON of the Alibaba Cloud CLI: run `aliyun configure`", p.file)
	case len(file.profiles) == 0:
		return p, safeErrorf("%s has no profiles: run `aliyun configure`", p.file)
	}
	isNamed := p.name != "" || file.current != ""
	p.name = cmp.Or(p.name, file.current, defaultProfile)
	members, ok := file.profiles[p.name]
	if !ok && !isNamed {
		return p, safeErrorf("%s has no current profile and no profile %q: set `profile` to one of these: %s",
			p.file, p.name, file.names())
	}
	p.members, p.region, p.network = members, members.stringMember("region_id"), members.network()
	p.sts = p.stsSettings(members)
	p.provider, err = p.openMode(p.name, file)
	return p, err
}

// read returns the members of the profile in its file.
func (p fileProfile) read() (cliProfile, error) {
	content, err := os.ReadFile(p.file)
	if err != nil {
		return nil, safeErrorf("read the credentials: %w", err)
	}
	var config map[string]any
	if json.Unmarshal(configfile.TrimMark(content), &config) != nil {
		return nil, safeErrorf("%s is no longer valid JSON", p.file)
	}
	return p.find(config)
}

// find returns the members of the profile in the content of its file.
func (p fileProfile) find(config map[string]any) (cliProfile, error) {
	profiles, _ := config["profiles"].([]any)
	for _, value := range profiles {
		if members, ok := value.(map[string]any); ok && cliProfile(members).stringMember("name") == p.name {
			return members, nil
		}
	}
	return nil, safeErrorf("%s no longer has a profile %q", p.file, p.name)
}

// update sets the members of the profile that change returns for its current members. Callers hold the lock of the
// file.
func (p fileProfile) update(change func(current cliProfile) map[string]any) error {
	return configfile.Update(p.file, func(config map[string]any) error {
		members, err := p.find(config)
		if err == nil {
			maps.Copy(members, change(members))
		}
		return err
	})
}
