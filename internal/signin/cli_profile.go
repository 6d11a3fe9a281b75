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

// cliFile is the content of the CLI's configuration file.
type cliFile struct {
	profiles map[string]cliProfile
	opening  []string // the profiles being opened: each is the source_profile of the one before it
}

func (f cliFile) names() string { return strings.Join(slices.Sorted(maps.Keys(f.profiles)), ", ") }

// openCLI opens a profile of the CLI's configuration file. It parses the file itself, because the errors of the library
// contain parts of the file.
func (p fileProfile) openCLI(content []byte) (fileProfile, error) {
	var config struct {
		Current  string       `json:"current"`
		Profiles []cliProfile `json:"profiles"`
	}
	if json.Unmarshal(content, &config) != nil {
		return p, safeErrorf("%s is not the JSON of the Alibaba Cloud CLI: run `aliyun configure`", p.file)
	}
	file := cliFile{profiles: make(map[string]cliProfile, len(config.Profiles))}
	for _, member := range slices.Backward(config.Profiles) { // if two profiles have the same name, the CLI uses the first
		file.profiles[member.stringMember("name")] = member
	}
	p.name = cmp.Or(p.name, strings.TrimSpace(config.Current))
	if p.name == "" {
		return p, safeErrorf("%s has no current profile: set `profile` to one of these: %s", p.file, file.names())
	}
	p.region = file.profiles[p.name].stringMember("region_id")
	var err error
	p.provider, err = p.openMode(p.name, file)
	return p, err
}

// cliMode describes a mode of CLI profiles.
type cliMode struct {
	required []string // members that must be set, because the library would read a missing one from the environment
	open     func(fileProfile, cliProfile, cliFile) (providers.CredentialsProvider, error)
}

// cliModes maps the name of each mode to its description. init sets it, because an initializer would form an
// initialization cycle through openChain.
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

// openMode opens the profile with the given name, which is p or a source_profile that p uses.
func (p fileProfile) openMode(name string, file cliFile) (providers.CredentialsProvider, error) {
	members, ok := file.profiles[name]
	if !ok {
		return nil, safeErrorf("%s has no profile %q (profiles in the file: %s)", p.file, name, file.names())
	}
	if slices.Contains(file.opening, name) {
		return nil, safeErrorf("the profile %q of %s is its own `source_profile`: set another one", name, p.file)
	}
	modeName := members.stringMember("mode")
	mode, ok := cliModes[modeName]
	if !ok {
		return nil, safeErrorf("the profile %q of %s has the unsupported mode %q: use one of %s",
			name, p.file, modeName, strings.Join(slices.Sorted(maps.Keys(cliModes)), ", "))
	}
	for _, member := range mode.required {
		if members.stringMember(member) == "" && (member != "oidc_token_file" || members.stringMember("oidc_token") == "") {
			return nil, safeErrorf("the profile %q of %s (mode %s) has no `%s`: run `aliyun configure --profile %s --mode %s`",
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
	return p.wrap(r.String(), r.advice(), assumed), nil
}

// role returns the role that the profile assumes.
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
		return nil, p.errorf("has an invalid `oidc_token_file`: %w", err)
	}
	return p.wrap("OIDC as "+r.String(), oidcAdvice, &oidcProvider{
		token: members.stringMember("oidc_token"), file: file,
		providerARN: members.stringMember("oidc_provider_arn"), role: r,
	}), nil
}

func (p fileProfile) openECSRole(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	if p.search.isTrue(metadataDisabled) {
		return nil, p.errorf("has the mode EcsRamRole, which needs the metadata of the ECS instance, but %s disables it",
			metadataDisabled)
	}
	return p.search.openECSRole(members.stringMember("ram_role_name"))
}

func (p fileProfile) openURI(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	provider, err := openSidecar(members.stringMember("credentials_uri"))
	if err != nil {
		return nil, p.errorf("has an invalid `credentials_uri`: %w", err)
	}
	return provider, nil
}

func (p fileProfile) openCloudSSO(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	signInURL := members.stringMember("cloud_sso_sign_in_url")
	// The library would send the access token over plain HTTP to any host.
	if address, err := url.Parse(signInURL); err == nil && address.Scheme == "http" {
		if _, err := paiclient.ParseEndpoint("http://" + address.Host); err != nil {
			return nil, p.errorf("has a `cloud_sso_sign_in_url` without https")
		}
	}
	return providers.NewCloudSSOCredentialsProviderBuilder().WithSignInUrl(signInURL).
		WithAccountId(members.stringMember("cloud_sso_account_id")).
		WithAccessConfig(members.stringMember("cloud_sso_access_config")).
		WithAccessToken(members.stringMember("access_token")).
		WithAccessTokenExpire(members.intMember("cloud_sso_access_token_expire")).Build()
}

// openExternal returns a provider that runs the command of the profile. It sets no callback: the library's callback
// would write the session into the file, where nothing reads it, and would remove members that the library doesn't
// define.
func (p fileProfile) openExternal(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	return providers.NewExternalCredentialsProviderBuilder().
		WithProcessCommand(members.stringMember("process_command")).Build()
}
