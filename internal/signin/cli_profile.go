package signin

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// cliProfile holds the members of a profile of the Alibaba Cloud CLI under the names that the CLI writes.
type cliProfile map[string]any

// cliMode is how a profile signs in.
type cliMode struct {
	// The members that it can't do without: the library would take a missing one from the environment.
	needed []string
	open   func(profile, cliProfile, cliFile) (providers.CredentialsProvider, error)
}

// cliModes are filled at the start, since some of them lead to others.
var cliModes map[string]cliMode

func init() {
	cliModes = map[string]cliMode{
		"AK":                  {[]string{"access_key_id", "access_key_secret"}, profile.openKeys},
		"StsToken":            {[]string{"access_key_id", "access_key_secret", "sts_token"}, profile.openKeys},
		"RamRoleArn":          {[]string{"access_key_id", "access_key_secret", "ram_role_arn"}, profile.openRole},
		"ChainableRamRoleArn": {[]string{"source_profile", "ram_role_arn"}, profile.openChain},
		"EcsRamRole":          {nil, profile.openInstance}, // ram_role_name may be left out: an instance has one
		"OIDC":                {[]string{"oidc_provider_arn", "oidc_token_file", "ram_role_arn"}, profile.openOIDC},
		"CredentialsURI":      {[]string{"credentials_uri"}, profile.openURI},
		"CloudSSO":            {nil, profile.openSSO},
		"OAuth":               {nil, profile.openOAuth},
		"External":            {[]string{"process_command"}, profile.openExternal},
	}
}

// cliFile is what the CLI's file holds, and the profiles that lead to the one that is being opened.
type cliFile struct {
	profiles map[string]cliProfile
	above    []string
}

func (p cliProfile) text(member string) string {
	value, _ := p[member].(string)
	return strings.TrimSpace(value)
}

func (p cliProfile) number(member string) int64 {
	value, _ := p[member].(float64)
	return int64(value)
}

// openCLI reads the CLI's configuration. The library isn't left to read it first, since its error repeats the file.
func (p profile) openCLI(content []byte) (profile, error) {
	var config struct {
		Current  string       `json:"current"`
		Profiles []cliProfile `json:"profiles"`
	}
	if json.Unmarshal(content, &config) != nil {
		return p, ownErrorf("%s is not the JSON that the Alibaba Cloud CLI writes: run `aliyun configure`", p.file)
	}
	file := cliFile{profiles: make(map[string]cliProfile, len(config.Profiles))}
	for _, one := range slices.Backward(config.Profiles) { // of equal names the CLI takes the first
		file.profiles[one.text("name")] = one
	}
	p.name = cmp.Or(p.name, strings.TrimSpace(config.Current))
	if p.name == "" {
		return p, ownErrorf("%s names no current profile: name one of %s", p.file, strings.Join(slices.Sorted(maps.Keys(file.profiles)), ", "))
	}
	p.region = file.profiles[p.name].text("region_id")
	var err error
	p.provider, err = p.openMode(p.name, file)
	return p, err
}

// openMode opens a profile by its name, the one that is meant or one that it takes its credentials from.
func (p profile) openMode(name string, file cliFile) (providers.CredentialsProvider, error) {
	one, found := file.profiles[name]
	if !found {
		return nil, ownErrorf("%s has no profile %q, only: %s", p.file, name, strings.Join(slices.Sorted(maps.Keys(file.profiles)), ", "))
	}
	if slices.Contains(file.above, name) {
		return nil, ownErrorf("in %s the profile %q is its own source_profile", p.file, name)
	}
	mode := one.text("mode")
	known, found := cliModes[mode]
	if !found {
		return nil, ownErrorf("in %s the profile %q has the mode %q; known are: %s",
			p.file, name, mode, strings.Join(slices.Sorted(maps.Keys(cliModes)), ", "))
	}
	for _, member := range known.needed {
		if one.text(member) == "" && (member != "oidc_token_file" || one.text("oidc_token") == "") {
			return nil, ownErrorf("in %s the profile %q of mode %s lacks %s: run `aliyun configure --profile %s --mode %s`",
				p.file, name, mode, member, name, mode)
		}
	}
	p.name, file.above = name, append(slices.Clip(file.above), name)
	return known.open(p, one, file)
}
