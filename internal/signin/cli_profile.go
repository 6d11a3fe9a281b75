package signin

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// cliProfile is a profile in the configuration of the Alibaba Cloud CLI, with the CLI's names of its members.
type cliProfile map[string]any

func (p cliProfile) stringMember(name string) string {
	value, _ := p[name].(string)
	return strings.TrimSpace(value)
}

func (p cliProfile) intMember(name string) int64 {
	value, _ := p[name].(float64)
	return int64(value)
}

// cliFile is the content of the CLI's configuration.
type cliFile struct {
	profiles map[string]cliProfile
	opening  []string // names of the profile that is being opened and of those that use it as their source_profile
}

func (f cliFile) names() string { return strings.Join(slices.Sorted(maps.Keys(f.profiles)), ", ") }

// openCLI opens a profile of the CLI's configuration. The library doesn't read it first, as its errors repeat the
// content.
func (p fileProfile) openCLI(content []byte) (fileProfile, error) {
	var config struct {
		Current  string       `json:"current"`
		Profiles []cliProfile `json:"profiles"`
	}
	if json.Unmarshal(content, &config) != nil {
		return p, safeErrorf("%s is not the JSON of the Alibaba Cloud CLI: run `aliyun configure`", p.file)
	}
	file := cliFile{profiles: make(map[string]cliProfile, len(config.Profiles))}
	for _, member := range slices.Backward(config.Profiles) { // of profiles with the same name, the CLI uses the first
		file.profiles[member.stringMember("name")] = member
	}
	p.name = cmp.Or(p.name, strings.TrimSpace(config.Current))
	if p.name == "" {
		return p, safeErrorf("%s has no current profile: set profile to one of %s", p.file, file.names())
	}
	p.region = file.profiles[p.name].stringMember("region_id")
	var err error
	p.provider, err = p.openMode(p.name, file)
	return p, err
}

// cliMode is a mode of profiles.
type cliMode struct {
	required []string // members; the library would take a missing one from the environment
	open     func(fileProfile, cliProfile, cliFile) (providers.CredentialsProvider, error)
}

// cliModes is set by init, since openChain refers to it.
var cliModes map[string]cliMode

func init() {
	cliModes = map[string]cliMode{
		"AK":                  {[]string{"access_key_id", "access_key_secret"}, fileProfile.openKeys},
		"StsToken":            {[]string{"access_key_id", "access_key_secret", "sts_token"}, fileProfile.openKeys},
		"RamRoleArn":          {[]string{"access_key_id", "access_key_secret", "ram_role_arn"}, fileProfile.openRole},
		"ChainableRamRoleArn": {[]string{"source_profile", "ram_role_arn"}, fileProfile.openChain},
		"EcsRamRole":          {nil, fileProfile.openECSRole}, // without ram_role_name, the attached role is used
		"OIDC":                {[]string{"oidc_provider_arn", "oidc_token_file", "ram_role_arn"}, fileProfile.openOIDC},
		"CredentialsURI":      {[]string{"credentials_uri"}, fileProfile.openURI},
		"CloudSSO":            {nil, fileProfile.openCloudSSO},
		"OAuth":               {nil, fileProfile.openOAuth},
		"External":            {[]string{"process_command"}, fileProfile.openExternal},
	}
}

// openMode opens a profile of the file, which is the profile p or one that it uses as its source_profile.
func (p fileProfile) openMode(name string, file cliFile) (providers.CredentialsProvider, error) {
	members, ok := file.profiles[name]
	if !ok {
		return nil, safeErrorf("%s has no profile %q: use one of %s", p.file, name, file.names())
	}
	if slices.Contains(file.opening, name) {
		return nil, safeErrorf("the profile %q of %s is its own source_profile", name, p.file)
	}
	modeName := members.stringMember("mode")
	mode, ok := cliModes[modeName]
	if !ok {
		return nil, safeErrorf("the profile %q of %s has the unsupported mode %q: use one of %s",
			name, p.file, modeName, strings.Join(slices.Sorted(maps.Keys(cliModes)), ", "))
	}
	for _, member := range mode.required {
		if members.stringMember(member) == "" && (member != "oidc_token_file" || members.stringMember("oidc_token") == "") {
			return nil, safeErrorf("the profile %q of %s, of mode %s, has no %s: run `aliyun configure --profile %s --mode %s`",
				name, p.file, modeName, member, name, modeName)
		}
	}
	p.name, file.opening = name, append(slices.Clip(file.opening), name)
	return mode.open(p, members, file)
}

// errorf returns an error about a profile of the CLI.
func (p fileProfile) errorf(format string, values ...any) error {
	return safeErrorf("the profile %q of %s "+format, append([]any{p.name, p.file}, values...)...)
}

func (p cliProfile) keys() staticKeys {
	keys := staticKeys{AccessKeyID: p.stringMember("access_key_id"), AccessKeySecret: p.stringMember("access_key_secret")}
	if p.stringMember("mode") == "StsToken" {
		keys.SecurityToken = p.stringMember("sts_token")
	}
	return keys
}

func (p fileProfile) openKeys(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	return members.keys(), nil
}

func (p fileProfile) openRole(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	return p.assumeRole(members, members.keys())
}

func (p fileProfile) openChain(members cliProfile, file cliFile) (providers.CredentialsProvider, error) {
	base, err := p.openMode(members.stringMember("source_profile"), file)
	if err != nil {
		return nil, err
	}
	return p.assumeRole(members, base)
}

func (p fileProfile) assumeRole(
	members cliProfile, base providers.CredentialsProvider,
) (providers.CredentialsProvider, error) {
	r, err := p.role(members)
	if err != nil {
		return nil, err
	}
	assumed, err := r.provider(base)
	if err != nil {
		return nil, err
	}
	return p.wrap(r.String(), roleAdvice, assumed), nil
}

// role returns the role of a profile.
func (p fileProfile) role(members cliProfile) (assumedRole, error) {
	vpc, _ := members["enable_vpc"].(bool)
	r, err := p.search.completeRole(assumedRole{
		arn: members.stringMember("ram_role_arn"), sessionName: members.stringMember("ram_session_name"),
		policy: members.stringMember("policy"), externalID: members.stringMember("external_id"),
		seconds: int(members.intMember("expired_seconds")),
	}, profileRegions{region: p.region, stsRegion: members.stringMember("sts_region"), stsVPC: vpc})
	if err != nil {
		err = p.errorf("can't assume its role: %w", err)
	}
	return r, err
}

func (p fileProfile) openOIDC(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	r, err := p.role(members)
	if err != nil {
		return nil, err
	}
	file, err := p.search.expandHome(members.stringMember("oidc_token_file"))
	if err != nil {
		return nil, p.errorf("has an invalid oidc_token_file: %w", err)
	}
	return p.wrap("OIDC as "+r.String(), oidcAdvice, &oidcProvider{
		token: members.stringMember("oidc_token"), file: file,
		providerARN: members.stringMember("oidc_provider_arn"), role: r,
	}), nil
}

func (p fileProfile) openECSRole(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	if p.search.enabled(metadataDisabled) {
		return nil, p.errorf("has the mode EcsRamRole, and %s disables the metadata of the instance", metadataDisabled)
	}
	return p.search.openECSRole(members.stringMember("ram_role_name"))
}

func (p fileProfile) openURI(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	provider, err := openSidecar(members.stringMember("credentials_uri"))
	if err != nil {
		return nil, p.errorf("has an invalid credentials_uri: %w", err)
	}
	return provider, nil
}

func (p fileProfile) openCloudSSO(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	signInURL := members.stringMember("cloud_sso_sign_in_url")
	// The library would send the access token over plain HTTP to any host.
	if address, err := url.Parse(signInURL); err == nil && address.Scheme == "http" {
		if _, err := paiclient.ParseEndpoint("http://" + address.Host); err != nil {
			return nil, p.errorf("has a cloud_sso_sign_in_url without https")
		}
	}
	provider, err := providers.NewCloudSSOCredentialsProviderBuilder().WithSignInUrl(signInURL).
		WithAccountId(members.stringMember("cloud_sso_account_id")).
		WithAccessConfig(members.stringMember("cloud_sso_access_config")).
		WithAccessToken(members.stringMember("access_token")).
		WithAccessTokenExpire(members.intMember("cloud_sso_access_token_expire")).Build()
	return quietProvider{provider}, err
}

// openExternal runs the command without the library's callback, which would write the result into the file: nothing
// reads it there, and members that the library doesn't know would be lost.
func (p fileProfile) openExternal(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	provider, err := providers.NewExternalCredentialsProviderBuilder().
		WithProcessCommand(members.stringMember("process_command")).Build()
	return quietProvider{provider}, err
}
