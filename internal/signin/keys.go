package signin

import (
	"errors"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// keyFamily holds the variables of one family, such as ALICLOUD_*. Keys of two families are never combined.
type keyFamily struct{ id, secret, token string }

var keyFamilies = newKeyFamilies()

func newKeyFamilies() []keyFamily {
	secrets, tokens := Variables("secret_key"), Variables("security_token")
	var families []keyFamily
	for i, id := range Variables("access_key") {
		families = append(families, keyFamily{id, secrets[i], tokens[i]})
	}
	return families
}

// keyVariables returns the variables that select static keys. The variables of security tokens don't, because a token
// without keys may remain from an earlier session.
func keyVariables() []string {
	var variables []string
	for _, family := range keyFamilies {
		variables = append(variables, family.id, family.secret)
	}
	return variables
}

// keysOfBlock returns the keys of the block. A variable can set one of the two keys. The token must be in the block or
// in the family of variables that sets the secret. Otherwise it may belong to other keys.
func (s search) keysOfBlock() (*selectedSource, error) {
	if s.AccessKey == "" && s.SecretKey == "" { // the block has only a token
		source, err := s.keysOfEnv()
		if errors.Is(err, errNotSet) {
			err = missingKey("access_key")
		}
		s.ignoreToken("`security_token`")
		return source, err
	}
	id, _ := s.fill("access_key", s.AccessKey)
	secret, variable := s.fill("secret_key", s.SecretKey)
	if id == "" {
		return nil, missingKey("access_key")
	}
	if secret == "" {
		return nil, missingKey("secret_key")
	}
	keys := paiclient.Credentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: s.SecurityToken}
	if variable == "" {
		if s.SecurityToken == "" {
			s.ignoreToken(s.setVariables(Variables("security_token"))...)
		}
		return newKeys("the keys of the provider block", keys), nil
	}
	if s.SecurityToken != "" {
		s.ignoreToken("`security_token`")
	}
	var tokenVariable string
	keys.SecurityToken, tokenVariable = s.tokenFor(variable, "")
	return newKeys(joinKeys("`access_key` of the provider block", variable, tokenVariable), keys), nil
}

func missingKey(argument string) error {
	return argumentErrorf(ProblemMissing, argument, "`access_key` and `secret_key` belong together, but `%s` is not set: "+
		"set it in the provider block, or set one of the environment variables %s",
		argument, strings.Join(Variables(argument), ", "))
}

// keysOfEnv returns the keys of the first family that is set. It returns an error if a family has only one of two keys.
func (s search) keysOfEnv() (*selectedSource, error) {
	var pairs []keyFamily
	var half error
	for _, family := range keyFamilies {
		set := s.setVariables([]string{family.id, family.secret})
		switch {
		case len(set) == 2:
			pairs = append(pairs, family)
		case len(set) == 1 && half == nil:
			missing := family.secret
			if set[0] == missing {
				missing = family.id
			}
			half = safeErrorf("%s is set and %s is not: set both, or neither. Keys of two families of variables are "+
				"never combined", set[0], missing)
		}
	}
	if half != nil {
		return nil, half
	}
	if len(pairs) == 0 {
		return nil, errNotSet
	}
	used := pairs[0]
	keys := paiclient.Credentials{AccessKeyID: s.value(used.id), AccessKeySecret: s.value(used.secret)}
	for _, other := range pairs[1:] {
		switch {
		case s.value(other.id) != keys.AccessKeyID:
			s.warnDiffer(used.id, other.id)
		case s.value(other.secret) != keys.AccessKeySecret:
			s.warnDiffer(used.secret, other.secret)
		}
	}
	s.warnEmpty("access_key", used.id)
	s.warnEmpty("secret_key", used.secret)
	var tokenVariable string
	keys.SecurityToken, tokenVariable = s.tokenFor(used.secret, used.id)
	return newKeys("the keys of "+joinKeys(used.id, used.secret, tokenVariable), keys), nil
}

// joinKeys returns a text with the places of the keys and of the token, which is "" if there is no token.
func joinKeys(id, secret, token string) string {
	if token == "" {
		return id + " and " + secret
	}
	return id + ", " + secret + " and " + token
}

// tokenFor returns the token of the family that sets the secret, or of another family that sets the same keys, and the
// variable that sets it. It warns of other tokens, because alicloud would use them. idVariable is "" if the block sets
// the ID.
func (s search) tokenFor(secretVariable, idVariable string) (token, variable string) {
	var ignored []string
	for _, family := range keyFamilies {
		same := s.value(family.secret) == s.value(secretVariable) &&
			(idVariable == "" || s.value(family.id) == s.value(idVariable))
		switch value := s.value(family.token); {
		case value == "" || value == token:
		case same && token == "":
			s.warnEmpty("security_token", family.token)
			token, variable = value, family.token
		case idVariable != "" && len(s.setVariables([]string{family.id, family.secret})) == 2: // keysOfEnv warns of its keys
		default:
			ignored = append(ignored, family.token)
		}
	}
	s.ignoreToken(ignored...)
	return token, variable
}

// ignoreToken warns that the provider ignores tokens. Each name is a variable, or an argument in backquotes.
func (s search) ignoreToken(names ...string) {
	if len(names) > 0 {
		s.warnf("Security token ignored", "The provider ignores %s, because the secret of the credentials is set elsewhere. "+
			"The alicloud provider would combine them. Set the token beside the secret, or unset it.",
			strings.Join(names, " and "))
	}
}

func newKeys(name string, keys paiclient.Credentials) *selectedSource {
	return &selectedSource{name: name, keys: &keys}
}

// staticKeys is a credentials provider for fixed keys. It replaces the library's static provider, which reads empty
// values from the environment.
type staticKeys paiclient.Credentials

// GetCredentials returns the keys.
func (k staticKeys) GetCredentials() (*providers.Credentials, error) {
	return libraryCredentials(paiclient.Credentials(k), k.GetProviderName()), nil
}

// GetProviderName returns the name that the library's static provider has. The library sends it to STS.
func (k staticKeys) GetProviderName() string {
	if k.SecurityToken != "" {
		return "static_sts"
	}
	return "static_ak"
}

// libraryCredentials returns the credentials as the library's type. The library sends the name of the provider to STS.
func libraryCredentials(c paiclient.Credentials, providerName string) *providers.Credentials {
	return &providers.Credentials{
		AccessKeyId: c.AccessKeyID, AccessKeySecret: c.AccessKeySecret, SecurityToken: c.SecurityToken,
		ProviderName: providerName,
	}
}

// clientCredentials returns the library's credentials as the type of paiclient.
func clientCredentials(c *providers.Credentials) paiclient.Credentials {
	return paiclient.Credentials{
		AccessKeyID: c.AccessKeyId, AccessKeySecret: c.AccessKeySecret, SecurityToken: c.SecurityToken,
	}
}
