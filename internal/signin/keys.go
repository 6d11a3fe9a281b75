package signin

import (
	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// The variables that contain keys. Those at the same index belong to one family, such as ALICLOUD_*. Keys of two
// families are never combined.
var (
	idVariables     = Variables("access_key")
	secretVariables = Variables("secret_key")
	tokenVariables  = Variables("security_token")
)

// keyVariables returns the variables that select static keys. A security token without keys does not select them,
// because an earlier session may have left it.
func keyVariables() []string {
	var variables []string
	for i, id := range idVariables {
		variables = append(variables, id, secretVariables[i])
	}
	return variables
}

func (s search) keysOfBlock() (*selectedSource, error) {
	for _, key := range []struct{ argument, value string }{{"access_key", s.AccessKey}, {"secret_key", s.SecretKey}} {
		if key.value == "" {
			return nil, argumentErrorf(ProblemMissing, key.argument, "the provider block has no `%s`: set both `access_key` "+
				"and `secret_key` in it, because the provider doesn't combine the block with environment variables", key.argument)
		}
	}
	return newKeys("the keys of the provider block", paiclient.Credentials{
		AccessKeyID: s.AccessKey, AccessKeySecret: s.SecretKey, SecurityToken: s.SecurityToken,
	}), nil
}

func (s search) keysOfEnv() (*selectedSource, error) {
	for i, idVariable := range idVariables {
		secretVariable := secretVariables[i]
		id, secret := s.value(idVariable), s.value(secretVariable)
		switch {
		case id != "" && secret != "":
			return newKeys("the keys of "+idVariable+" and "+secretVariable, paiclient.Credentials{
				AccessKeyID: id, AccessKeySecret: secret, SecurityToken: s.value(tokenVariables[i]),
			}), nil
		case id != "":
			return nil, safeErrorf("%s is set and %s is not: set both, or neither", idVariable, secretVariable)
		case secret != "":
			return nil, safeErrorf("%s is set and %s is not: set both, or neither", secretVariable, idVariable)
		}
	}
	return nil, errNotSet
}

func newKeys(name string, keys paiclient.Credentials) *selectedSource {
	return &selectedSource{name: name, keys: &keys}
}

// staticKeys is a credentials provider for fixed keys. It replaces the library's static provider, which reads empty
// values from the environment.
type staticKeys paiclient.Credentials

// GetCredentials returns the keys.
func (k staticKeys) GetCredentials() (*providers.Credentials, error) {
	return &providers.Credentials{
		AccessKeyId: k.AccessKeyID, AccessKeySecret: k.AccessKeySecret, SecurityToken: k.SecurityToken,
		ProviderName: k.GetProviderName(),
	}, nil
}

// GetProviderName returns the name that the library's static provider has. The library sends it to STS.
func (k staticKeys) GetProviderName() string {
	if k.SecurityToken != "" {
		return "static_sts"
	}
	return "static_ak"
}
