package signin

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// cliMode describes a mode of CLI profiles.
type cliMode struct {
	required []string // members that must be set, because the library would read a missing one from the environment
	open     func(fileProfile, cliProfile, cliFile) (providers.CredentialsProvider, error)
}

// cliModes maps the name of each supported mode to its description. init sets it, because an initializer would form an
// initialization cycle through openChain.
var cliModes map[string]cliMode

func init() {
	cliModes = map[string]cliMode{
		"AK":                  {[]string{"access_key_id", "access_key_secret"}, fileProfile.openKeys},
		"StsToken":            {[]string{"access_key_id", "access_key_secret", "sts_token"}, fileProfile.openSession},
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

const needsSignature = "requests to the PAI API must be signed with keys or a session"

// refusedModes maps the modes of the CLI that the provider doesn't support to the reason or the alternative.
var refusedModes = map[string]string{
	"Anonymous":   needsSignature,
	"BearerToken": needsSignature,
	"RamRoleArnWithRoleName": "use the mode ChainableRamRoleArn, with a `source_profile` of the mode EcsRamRole, as the " +
		"CLI recommends",
	"RsaKeyPair": "the CLI deprecates it: use another mode",
}

// knownModes returns the modes that the CLI has.
func knownModes() []string {
	return slices.AppendSeq(slices.Collect(maps.Keys(cliModes)), maps.Keys(refusedModes))
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
	p.name, file.opening = name, append(slices.Clip(file.opening), name)
	modeName := members.mode()
	if modeName == "" {
		return nil, p.errorf("has no `mode`, and its other members imply none: run `aliyun configure --profile %s`", name)
	}
	if reason, ok := refusedModes[modeName]; ok {
		return nil, p.errorf("has the mode %s, which is not supported: %s", modeName, reason)
	}
	mode, ok := cliModes[modeName]
	if !ok {
		return nil, p.errorf("has the unsupported mode %q: use one of %s",
			modeName, strings.Join(slices.Sorted(maps.Keys(cliModes)), ", "))
	}
	for _, member := range mode.required {
		if members.stringMember(member) == "" && (member != "oidc_token_file" || members.stringMember("oidc_token") == "") {
			return nil, p.errorf("(mode %s) has no `%s`: run `aliyun configure --profile %s --mode %s`",
				modeName, member, name, modeName)
		}
	}
	return mode.open(p, members, file)
}

// errorf returns an error about a profile of the CLI.
func (p fileProfile) errorf(format string, values ...any) error {
	return safeErrorf("the profile %q of %s "+format, append([]any{p.name, p.file}, values...)...)
}

// wrap returns a provider whose errors contain the name, the profile and the file.
func (p fileProfile) wrap(name string, a advice, provider providers.CredentialsProvider) *namedProvider {
	return &namedProvider{fmt.Sprintf("%s of the profile %q of %s", name, p.name, p.file), a, provider}
}

// keys returns the keys of the profile with its security token, if it has one.
func (p cliProfile) keys() staticKeys {
	return staticKeys{
		AccessKeyID: p.stringMember("access_key_id"), AccessKeySecret: p.stringMember("access_key_secret"),
		SecurityToken: p.stringMember("sts_token"),
	}
}

func (p fileProfile) openKeys(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	keys := members.keys()
	keys.SecurityToken = "" // an earlier login of another mode may have left it
	return keys, nil
}

func (p fileProfile) openSession(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	return members.keys(), nil
}

func (p fileProfile) openRole(members cliProfile, file cliFile) (providers.CredentialsProvider, error) {
	if len(file.opening) == 1 { // not a source_profile
		if p.search.replacesRole() {
			return members.keys(), nil
		}
		members = p.search.overrideRole(members)
	}
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
	sessionName := cmp.Or(
		members.stringMember("ram_session_name"), p.search.value(Variables(oidcBlock+".role_session_name")...))
	r, err := p.search.completeRole(assumedRole{
		arn: members.stringMember("ram_role_arn"), sessionName: sessionName, policy: members.stringMember("policy"),
		externalID: members.stringMember("external_id"), seconds: int(members.intMember("expired_seconds")),
	}, p.stsSettings(members))
	if err != nil {
		err = p.errorf("can't assume its role: %w", err)
	}
	return r, err
}

// stsSettings returns the settings of the profile that determine the STS endpoint.
func (p fileProfile) stsSettings(members cliProfile) profileRegions {
	vpc, _ := members["enable_vpc"].(bool)
	return profileRegions{
		region: p.region, network: p.network, stsVPC: vpc,
		stsRegion: members.stringMember("sts_region"), stsEndpoint: members.stringMember("sts_endpoint"),
	}
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
	setBy := fmt.Sprintf("the profile %q of %s (mode EcsRamRole)", p.name, p.file)
	return p.search.openECSRole(members.stringMember("ram_role_name"), setBy)
}

func (p fileProfile) openURI(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	if err := p.checkExternal("CredentialsURI"); err != nil {
		return nil, err
	}
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
