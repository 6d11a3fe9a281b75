package signin

import (
	"os"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// The variables that set a token or its file, and the variables that select OIDC.
var (
	oidcTokenVariables = Variables("assume_role_with_oidc.oidc_token", "assume_role_with_oidc.oidc_token_file")
	oidcVariables      = slices.Concat(oidcTokenVariables, Variables("assume_role_with_oidc.oidc_provider_arn"))
)

// check returns an error if an argument of the block is missing, or if two of them contradict each other.
func (o *OIDC) check() error {
	const block = "assume_role_with_oidc"
	missing := func(argument, problem string) error {
		return argumentErrorf(ProblemMissing, block+"."+argument, "`%s` has no %s in the block, because the "+
			"provider doesn't combine the block with environment variables", block, problem)
	}
	switch {
	case o.ProviderARN == "":
		return missing("oidc_provider_arn", "`oidc_provider_arn`: set it")
	case o.RoleARN == "":
		return missing("role_arn", "`role_arn`: set it")
	case o.Token == "" && o.TokenFile == "":
		return missing("oidc_token", "`oidc_token` or `oidc_token_file`: set one of them")
	case o.Token != "" && o.TokenFile != "":
		return argumentErrorf(ProblemConflict, block+".oidc_token_file",
			"`%s` has both `oidc_token` and `oidc_token_file`: set only one of them", block)
	case tooShort(o.SessionExpiration):
		return argumentErrorf(ProblemOther, block+".session_expiration",
			"`session_expiration` is %d: set at least %d seconds", o.SessionExpiration, minSessionSeconds)
	}
	return nil
}

func (s search) oidcOfBlock() (*selectedSource, error) {
	file, err := s.expandHome(s.OIDC.TokenFile)
	if err != nil {
		return nil, argumentErrorf(ProblemOther, "assume_role_with_oidc.oidc_token_file", "%w", err)
	}
	r, err := s.completeRole(assumedRole{
		arn: s.OIDC.RoleARN, sessionName: s.OIDC.RoleSessionName, policy: s.OIDC.Policy, seconds: s.OIDC.SessionExpiration,
	}, profileRegions{})
	if err != nil {
		return nil, err
	}
	return oidcProvider{token: s.OIDC.Token, file: file, providerARN: s.OIDC.ProviderARN, role: r}.source(), nil
}

// oidcOfEnv returns the source that the variables of a CI service or of Kubernetes set.
func (s search) oidcOfEnv() (*selectedSource, error) {
	const block = "assume_role_with_oidc"
	providerVariable, providerARN := s.lookup(Variables(block + ".oidc_provider_arn")...)
	fileVariable, file := s.lookup(Variables(block + ".oidc_token_file")...)
	token, roleARN := s.value(Variables(block+".oidc_token")...), s.value(roleVariable)
	switch {
	case token == "" && file == "" && providerARN == "":
		return nil, errNotSet
	case token == "" && file == "":
		return nil, safeErrorf("%s is set without an OIDC token: set %s",
			providerVariable, strings.Join(oidcTokenVariables, " or "))
	case providerARN == "" || roleARN == "":
		variable, _ := s.lookup(oidcTokenVariables...)
		return nil, safeErrorf("%s needs %s and %s: set both",
			variable, Variables(block + ".oidc_provider_arn")[0], roleVariable)
	}
	file, err := s.expandHome(file)
	if err != nil {
		return nil, safeErrorf("%s: %w", fileVariable, err)
	}
	r, err := s.completeRole(assumedRole{arn: roleARN}, profileRegions{})
	if err != nil {
		return nil, err
	}
	return oidcProvider{token: token, file: file, providerARN: providerARN, role: r}.source(), nil
}

// oidcProvider assumes a role with a token. If the token is in a file, it reads the file at each call and passes only
// the token to the library. If the library read the file, it would prefer a token in the environment, and it would not
// trim a final newline.
type oidcProvider struct {
	token, file string // if both are set, token is used
	providerARN string
	role        assumedRole

	current      *providers.OIDCCredentialsProvider // nil if there is no session yet
	currentToken string                             // the token of current
}

func (p oidcProvider) source() *selectedSource {
	return &selectedSource{
		name: "OIDC as " + p.role.String(), advice: oidcAdvice,
		build: func() (providers.CredentialsProvider, error) {
			provider := p
			return &provider, nil
		},
	}
}

// GetCredentials returns the session, which the library renews shortly before it expires. If the token in the file has
// changed, it fetches a new session. If the file can't be read, because some CI services delete it, it returns the
// current session as long as that is valid.
func (p *oidcProvider) GetCredentials() (*providers.Credentials, error) {
	token, readErr := p.readToken()
	if readErr != nil && p.current == nil {
		return nil, readErr
	}
	if readErr == nil && (p.current == nil || p.currentToken != token) {
		return p.exchange(token)
	}
	credentials, err := p.current.GetCredentials()
	if err != nil && readErr != nil {
		return nil, readErr
	}
	return credentials, err
}

// exchange fetches a session with a new token. If that fails, it returns the session of the previous token, as long as
// that session is valid.
func (p *oidcProvider) exchange(token string) (*providers.Credentials, error) {
	next, err := providers.NewOIDCCredentialsProviderBuilder().
		WithOIDCToken(token).WithOIDCProviderARN(p.providerARN).WithRoleArn(p.role.arn).
		WithRoleSessionName(p.role.sessionName).WithPolicy(p.role.policy).WithDurationSeconds(p.role.seconds).
		WithSTSEndpoint(p.role.stsHost).Build()
	if err != nil {
		return nil, err
	}
	credentials, err := next.GetCredentials()
	if err != nil && p.current != nil {
		if previous, previousErr := p.current.GetCredentials(); previousErr == nil {
			return previous, nil
		}
	}
	if err != nil {
		return nil, err
	}
	p.current, p.currentToken = next, token
	return credentials, nil
}

func (p *oidcProvider) readToken() (string, error) {
	if p.token != "" {
		return p.token, nil
	}
	content, err := os.ReadFile(p.file)
	if err != nil {
		return "", safeErrorf("read the OIDC token: %w", err)
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return "", safeErrorf("the OIDC token file %s is empty", p.file)
	}
	return token, nil
}

// GetProviderName returns the name that the library's OIDC provider has. The library sends it to STS.
func (*oidcProvider) GetProviderName() string { return "oidc_role_arn" }
