package signin

import (
	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// family is one row of the environment's names for keys. Keys of two families are never mixed.
type family struct{ id, secret, token string }

func families() []family {
	var all []family
	for i, id := range Environment("access_key") {
		all = append(all, family{id, Environment("secret_key")[i], Environment("security_token")[i]})
	}
	return all
}

// keyVariables are those that name keys. A token alone doesn't: it is left over from a session.
func keyVariables() []string {
	var variables []string
	for _, one := range families() {
		variables = append(variables, one.id, one.secret)
	}
	return variables
}

func (s search) configuredKeys() (*origin, error) {
	for _, part := range []struct{ argument, value string }{{"access_key", s.AccessKey}, {"secret_key", s.SecretKey}} {
		if part.value == "" {
			return nil, argumentErrorf(part.argument, "%s is missing: access_key and secret_key go together, and what the "+
				"provider block begins is not completed from the environment", part.argument)
		}
	}
	return keysOrigin("the keys of the provider block", paiclient.Credentials{
		AccessKeyID: s.AccessKey, AccessKeySecret: s.SecretKey, SecurityToken: s.SecurityToken,
	}), nil
}

func (s search) surroundingKeys() (*origin, error) {
	for _, one := range families() {
		id, secret := s.get(one.id), s.get(one.secret)
		switch {
		case id != "" && secret != "":
			return keysOrigin("the keys of "+one.id+" and "+one.secret, paiclient.Credentials{
				AccessKeyID: id, AccessKeySecret: secret, SecurityToken: s.get(one.token),
			}), nil
		case id != "":
			return nil, ownErrorf("%s is set and %s is not: set both, or neither", one.id, one.secret)
		case secret != "":
			return nil, ownErrorf("%s is set and %s is not: set both, or neither", one.secret, one.id)
		}
	}
	return nil, nil
}

func keysOrigin(name string, keys paiclient.Credentials) *origin {
	return &origin{name: name, keys: &keys}
}

// fixed are keys as the block, the environment or a file holds them. The library's own would fill empty ones from the
// environment.
type fixed paiclient.Credentials

// GetCredentials gives the keys.
func (f fixed) GetCredentials() (*providers.Credentials, error) {
	return &providers.Credentials{
		AccessKeyId: f.AccessKeyID, AccessKeySecret: f.AccessKeySecret, SecurityToken: f.SecurityToken, ProviderName: f.GetProviderName(),
	}, nil
}

// GetProviderName is for the library, which tells STS of it.
func (f fixed) GetProviderName() string {
	if f.SecurityToken != "" {
		return "static_sts"
	}
	return "static_ak"
}
