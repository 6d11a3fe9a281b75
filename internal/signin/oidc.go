package signin

import (
	"os"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// oidcTokens are the variables in which a token, or the file that holds it, is found.
var oidcTokens = join("assume_role_with_oidc.oidc_token", "assume_role_with_oidc.oidc_token_file")

func (s search) configuredOIDC() (*origin, error) {
	const block = "assume_role_with_oidc"
	member := func(name, format string, arguments ...any) error {
		return argumentErrorf(block+"."+name, format, arguments...)
	}
	const alone = ": what the provider block begins is not completed from the environment"
	switch {
	case s.OIDC.ProviderARN == "":
		return nil, member("oidc_provider_arn", "%s names no oidc_provider_arn"+alone, block)
	case s.OIDC.RoleARN == "":
		return nil, member("role_arn", "%s names no role_arn"+alone, block)
	case s.OIDC.Token == "" && s.OIDC.TokenFile == "":
		return nil, member("oidc_token", "%s has no token, in oidc_token or in oidc_token_file"+alone, block)
	case s.OIDC.Token != "" && s.OIDC.TokenFile != "":
		return nil, member("oidc_token_file", "%s has both oidc_token and oidc_token_file: keep one of them", block)
	case tooShort(s.OIDC.SessionExpiration):
		return nil, member("session_expiration", "session_expiration is %d: a session lasts %d seconds at least",
			s.OIDC.SessionExpiration, leastSeconds)
	}
	file, err := s.path(s.OIDC.TokenFile)
	if err != nil {
		return nil, member("oidc_token_file", "%w", err)
	}
	assumed, err := s.role(role{
		arn: s.OIDC.RoleARN, session: s.OIDC.RoleSessionName, policy: s.OIDC.Policy, seconds: s.OIDC.SessionExpiration,
	}, regions{})
	if err != nil {
		return nil, err
	}
	return oidcProvider{token: s.OIDC.Token, file: file, provider: s.OIDC.ProviderARN, role: assumed}.origin(), nil
}

// surroundingOIDC is for a token that a CI or Kubernetes put there.
func (s search) surroundingOIDC() (*origin, error) {
	const block = "assume_role_with_oidc"
	tokenVariables, fileVariables := Environment(block+".oidc_token"), Environment(block+".oidc_token_file")
	providerVariable, provider := s.first(Environment(block + ".oidc_provider_arn")...)
	token, arn := s.get(tokenVariables...), s.get(roleVariable)
	fileVariable, file := s.first(fileVariables...)
	switch {
	case token == "" && file == "" && provider == "":
		return nil, nil
	case token == "" && file == "":
		return nil, ownErrorf("%s is set, but no OIDC token: set %s, or %s", providerVariable, fileVariables[0], tokenVariables[0])
	case provider == "" || arn == "":
		return nil, ownErrorf("there is an OIDC token in %s, but not both %s and %s",
			strings.Join(oidcTokens, " or "), Environment(block + ".oidc_provider_arn")[0], roleVariable)
	}
	file, err := s.path(file)
	if err != nil {
		return nil, ownErrorf("%s: %w", fileVariable, err)
	}
	assumed, err := s.role(role{arn: arn}, regions{})
	if err != nil {
		return nil, err
	}
	return oidcProvider{token: token, file: file, provider: provider, role: assumed}.origin(), nil
}

// oidcProvider has the role assumed with the token that is in its file at the moment. The library, given a file, would
// prefer the environment's token, and sends the file's line end.
type oidcProvider struct {
	token, file, provider string // the token itself, or its file
	role                  role

	sent string // the token that made was made with
	made *providers.OIDCCredentialsProvider
}

func (o oidcProvider) origin() *origin {
	return &origin{
		name: "OIDC as " + o.role.String(), advice: oidcAdvice,
		build: func() (providers.CredentialsProvider, error) {
			fresh := o
			return &fresh, nil
		},
	}
}

// GetCredentials asks the library, which keeps what it has until shortly before it expires. A file that has gone
// meanwhile, as a CI clears up, does no harm to a session that lasts.
func (o *oidcProvider) GetCredentials() (*providers.Credentials, error) {
	token, unread := o.read()
	if unread != nil && o.made == nil {
		return nil, unread
	}
	if unread == nil && (o.made == nil || o.sent != token) {
		return o.exchange(token)
	}
	got, err := o.made.GetCredentials()
	if err != nil && unread != nil {
		return nil, unread
	}
	return got, err
}

// exchange opens a session with a new token. Where that fails, the session of the one before goes on while it lasts.
func (o *oidcProvider) exchange(token string) (*providers.Credentials, error) {
	made, err := providers.NewOIDCCredentialsProviderBuilder().
		WithOIDCToken(token).WithOIDCProviderARN(o.provider).WithRoleArn(o.role.arn).
		WithRoleSessionName(o.role.session).WithPolicy(o.role.policy).WithDurationSeconds(o.role.seconds).
		WithSTSEndpoint(o.role.endpoint).Build()
	if err != nil {
		return nil, err
	}
	got, err := made.GetCredentials()
	if err != nil && o.made != nil {
		if before, stillErr := o.made.GetCredentials(); stillErr == nil {
			return before, nil
		}
	}
	if err != nil {
		return nil, err
	}
	o.made, o.sent = made, token
	return got, nil
}

func (o *oidcProvider) read() (token string, err error) {
	if o.token != "" {
		return o.token, nil
	}
	content, err := os.ReadFile(o.file)
	if err != nil {
		return "", ownErrorf("the OIDC token can't be read: %w", err)
	}
	if token = strings.TrimSpace(string(content)); token == "" {
		return "", ownErrorf("the OIDC token's file %s is empty", o.file)
	}
	return token, nil
}

// GetProviderName is for the library.
func (*oidcProvider) GetProviderName() string { return "oidc_role_arn" }
