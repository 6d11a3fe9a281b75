package signin

import (
	"net/url"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

func (one cliProfile) keys() fixed {
	keys := fixed{AccessKeyID: one.text("access_key_id"), AccessKeySecret: one.text("access_key_secret")}
	if one.text("mode") == "StsToken" {
		keys.SecurityToken = one.text("sts_token")
	}
	return keys
}

func (p profile) openKeys(one cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	return one.keys(), nil
}

func (p profile) openRole(one cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	return p.assume(one, one.keys())
}

func (p profile) openChain(one cliProfile, file cliFile) (providers.CredentialsProvider, error) {
	source, err := p.openMode(one.text("source_profile"), file)
	if err != nil {
		return nil, err
	}
	return p.assume(one, source)
}

func (p profile) assume(one cliProfile, previous providers.CredentialsProvider) (providers.CredentialsProvider, error) {
	named, err := p.role(one)
	if err != nil {
		return nil, err
	}
	assumed, err := named.assumedBy(previous)
	if err != nil {
		return nil, err
	}
	return p.step(named.String(), roleAdvice, assumed), nil
}

func (p profile) openOIDC(one cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	named, err := p.role(one)
	if err != nil {
		return nil, err
	}
	file, err := p.search.path(one.text("oidc_token_file"))
	if err != nil {
		return nil, ownErrorf("in %s the profile %q: %w", p.file, p.name, err)
	}
	return p.step("OIDC as "+named.String(), oidcAdvice, &oidcProvider{
		token: one.text("oidc_token"), file: file, provider: one.text("oidc_provider_arn"), role: named,
	}), nil
}

func (p profile) openInstance(one cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	if p.search.isTrue(metadataDisabled) {
		return nil, ownErrorf("in %s the profile %q is of mode EcsRamRole, and %s forbids to ask the instance", p.file, p.name, metadataDisabled)
	}
	return p.search.instance(one.text("ram_role_name"))
}

func (p profile) openURI(one cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	provider, err := sidecar(one.text("credentials_uri"))
	if err != nil {
		return nil, ownErrorf("in %s the profile %q has a credentials_uri that can't be called: %w", p.file, p.name, err)
	}
	return provider, nil
}

func (p profile) openSSO(one cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	// The access token goes there, and the library would send it in the clear.
	if address, err := url.Parse(one.text("cloud_sso_sign_in_url")); err == nil && address.Scheme == "http" {
		if _, err := paiclient.ParseEndpoint("http://" + address.Host); err != nil {
			return nil, ownErrorf("in %s the profile %q has a cloud_sso_sign_in_url that isn't https", p.file, p.name)
		}
	}
	provider, err := providers.NewCloudSSOCredentialsProviderBuilder().WithSignInUrl(one.text("cloud_sso_sign_in_url")).
		WithAccountId(one.text("cloud_sso_account_id")).WithAccessConfig(one.text("cloud_sso_access_config")).
		WithAccessToken(one.text("access_token")).WithAccessTokenExpire(one.number("cloud_sso_access_token_expire")).Build()
	return silent{provider}, err
}

// openExternal has the command run without the library's part that would write what it gave into the file: nothing
// reads it there, and other members of the file would be lost.
func (p profile) openExternal(one cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	provider, err := providers.NewExternalCredentialsProviderBuilder().WithProcessCommand(one.text("process_command")).Build()
	return silent{provider}, err
}

// role is the one that a profile names.
func (p profile) role(one cliProfile) (role, error) {
	vpc, _ := one["enable_vpc"].(bool)
	named, err := p.search.role(role{
		arn: one.text("ram_role_arn"), session: one.text("ram_session_name"), policy: one.text("policy"),
		externalID: one.text("external_id"), seconds: int(one.number("expired_seconds")),
	}, regions{own: p.region, sts: one.text("sts_region"), vpc: vpc})
	if err != nil {
		err = ownErrorf("in %s the profile %q: %w", p.file, p.name, err)
	}
	return named, err
}

// step is a part of the profile that errors can tell from others.
func (p profile) step(name string, advice func(string) string, provider providers.CredentialsProvider) *step {
	return &step{name + " of the profile " + p.name + " of " + p.file, advice, provider}
}
