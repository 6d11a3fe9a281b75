package signin

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// cliProfile holds the members of a profile of the Alibaba Cloud CLI under the names that the CLI writes.
type cliProfile map[string]any

// cliModes are the modes of profiles, and the members that each can't do without. The library would take a missing one
// from the environment.
var cliModes = map[string][]string{
	"AK":                  {"access_key_id", "access_key_secret"},
	"StsToken":            {"access_key_id", "access_key_secret", "sts_token"},
	"RamRoleArn":          {"access_key_id", "access_key_secret", "ram_role_arn"},
	"ChainableRamRoleArn": {"source_profile", "ram_role_arn"},
	"EcsRamRole":          nil, // ram_role_name may be left out: an instance has one
	"OIDC":                {"oidc_provider_arn", "oidc_token_file", "ram_role_arn"},
	"CloudSSO":            nil,
	"OAuth":               nil,
	"External":            {"process_command"},
}

func (p cliProfile) text(member string) string {
	value, _ := p[member].(string)
	return strings.TrimSpace(value)
}

// openCLI reads the CLI's configuration. The library isn't left to read it first, since its error repeats the file.
func (p profile) openCLI(content []byte) (providers.CredentialsProvider, error) {
	var config struct {
		Current  string       `json:"current"`
		Profiles []cliProfile `json:"profiles"`
	}
	if json.Unmarshal(content, &config) != nil {
		return nil, ownErrorf("%s is not the JSON that the Alibaba Cloud CLI writes: run `aliyun configure`", p.file)
	}
	profiles := make(map[string]cliProfile, len(config.Profiles))
	for _, one := range slices.Backward(config.Profiles) { // of equal names the CLI takes the first
		profiles[one.text("name")] = one
	}
	name := p.name
	if name == "" {
		name = strings.TrimSpace(config.Current)
	}
	return p.openMode(profiles, name, nil)
}

// openMode opens a profile, and those that it takes its credentials from. The ones that lead to it are in above.
func (p profile) openMode(profiles map[string]cliProfile, name string, above []string) (providers.CredentialsProvider, error) {
	one, found := profiles[name]
	if !found {
		return nil, ownErrorf("%s has no profile %q, only: %s", p.file, name, strings.Join(slices.Sorted(maps.Keys(profiles)), ", "))
	}
	if slices.Contains(above, name) {
		return nil, ownErrorf("in %s the profile %q is its own source_profile", p.file, name)
	}
	mode := one.text("mode")
	needed, known := cliModes[mode]
	if !known {
		return nil, ownErrorf("in %s the profile %q has the mode %q; known are: %s",
			p.file, name, mode, strings.Join(slices.Sorted(maps.Keys(cliModes)), ", "))
	}
	for _, member := range needed {
		if one.text(member) == "" && (member != "oidc_token_file" || one.text("oidc_token") == "") {
			return nil, ownErrorf("in %s the profile %q of mode %s lacks %s: run `aliyun configure --profile %s --mode %s`",
				p.file, name, mode, member, name, mode)
		}
	}
	keys := fixed{AccessKeyID: one.text("access_key_id"), AccessKeySecret: one.text("access_key_secret")}
	switch mode {
	case "AK":
		return keys, nil
	case "StsToken":
		keys.SecurityToken = one.text("sts_token")
		return keys, nil
	case "RamRoleArn":
		return p.roleOf(one).assumedBy(keys)
	case "ChainableRamRoleArn":
		source, err := p.openMode(profiles, one.text("source_profile"), append(above, name))
		if err != nil {
			return nil, err
		}
		return p.roleOf(one).assumedBy(source)
	case "EcsRamRole":
		if p.around.isTrue(metadataDisabled) {
			return nil, ownErrorf("in %s the profile %q is of mode %s, and %s forbids to ask the instance", p.file, name, mode, metadataDisabled)
		}
		return p.around.instance(one.text("ram_role_name"))()
	case "OIDC":
		return &oidcProvider{
			token: one.text("oidc_token"), file: one.text("oidc_token_file"), provider: one.text("oidc_provider_arn"), role: p.roleOf(one),
		}, nil
	default: // modes whose credentials the library renews, and writes back to the file
		return providers.NewCLIProfileCredentialsProviderBuilder().WithProfileFile(p.file).WithProfileName(name).Build()
	}
}

func (p profile) roleOf(one cliProfile) role {
	seconds, _ := one["expired_seconds"].(float64)
	vpc, _ := one["enable_vpc"].(bool)
	return p.around.role(role{
		arn: one.text("ram_role_arn"), session: one.text("ram_session_name"), policy: one.text("policy"),
		externalID: one.text("external_id"), seconds: int(seconds),
	}, one.text("sts_region"), vpc)
}
