package signin

import (
	"os"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

const oidcBlock = "assume_role_with_oidc"

// thirdFamilySessionName is the variable of the session name that alicloud doesn't read.
const thirdFamilySessionName = "ALIBABACLOUD_ROLE_SESSION_NAME"

// The variables that set a token or its file, and the variables that select OIDC.
var (
	oidcTokenVariables = Variables(oidcBlock+".oidc_token", oidcBlock+".oidc_token_file")
	oidcVariables      = slices.Concat(oidcTokenVariables, Variables(oidcBlock+".oidc_provider_arn"))
)

// check returns an error if arguments of the block contradict each other. Variables can set those that are missing.
func (o *OIDC) check() error {
	switch {
	case o.Token != "" && o.TokenFile != "":
		return argumentErrorf(ProblemConflict, oidcBlock+".oidc_token_file",
			"`%s` has both `oidc_token` and `oidc_token_file`: set only one of them", oidcBlock)
	case tooShort(o.SessionExpiration):
		return argumentErrorf(ProblemOther, oidcBlock+".session_expiration",
			"`session_expiration` is %d: set at least %d seconds", o.SessionExpiration, MinSessionSeconds)
	}
	return nil
}

func (s search) oidcOfBlock() (*selectedSource, error) { return s.openOIDC(*s.OIDC) }

// oidcOfEnv returns the source that the variables of a CI service or of Kubernetes set.
func (s search) oidcOfEnv() (*selectedSource, error) {
	if s.value(oidcVariables...) == "" {
		return nil, errNotSet
	}
	return s.openOIDC(OIDC{})
}

// openOIDC returns a source for the block, completed by variables.
func (s search) openOIDC(block OIDC) (*selectedSource, error) {
	providerARN, _ := s.fill(oidcBlock+".oidc_provider_arn", block.ProviderARN)
	roleARN, _ := s.fill(oidcBlock+".role_arn", block.RoleARN)
	token, file, fileVariable := block.Token, block.TokenFile, ""
	if token == "" && file == "" {
		token, file, fileVariable = s.oidcTokenOfEnv()
	} else if variable, _ := s.Lookup(oidcTokenVariables[0]); variable != "" && token == "" {
		s.warnf("alicloud uses another OIDC token", "The alicloud provider would use %s instead of `oidc_token_file` of "+
			"`%s`. Unset the variable.", variable, oidcBlock)
	}
	switch {
	case token == "" && file == "":
		return nil, s.missingOIDC("oidc_token", "oidc_token_file")
	case providerARN == "":
		return nil, s.missingOIDC("oidc_provider_arn")
	case roleARN == "":
		return nil, s.missingOIDC("role_arn")
	}
	path, err := s.expandHome(file)
	switch {
	case err != nil && fileVariable != "":
		return nil, safeErrorf("%s: %w", fileVariable, err)
	case err != nil:
		return nil, argumentErrorf(ProblemOther, oidcBlock+".oidc_token_file", "%w", err)
	}
	sessionName, variable := s.fill(oidcBlock+".role_session_name", block.RoleSessionName)
	if s.OIDC != nil && variable == thirdFamilySessionName {
		s.warnf("alicloud uses another session name", "The session name comes from %s, which the alicloud provider ignores. "+
			"Set `role_session_name` in `%s` of both provider blocks, or unset the variable.", variable, oidcBlock)
	}
	r, err := s.completeRole(assumedRole{
		arn: roleARN, sessionName: sessionName, policy: block.Policy, seconds: block.SessionExpiration,
	}, profileRegions{})
	if err != nil {
		return nil, err
	}
	return oidcProvider{token: token, file: path, providerARN: providerARN, role: r}.source(), nil
}

// oidcTokenOfEnv returns the token or its file, with its variable. The file of the family that alicloud reads has
// priority over the token of the other family.
func (s search) oidcTokenOfEnv() (token, file, fileVariable string) {
	tokens, files := Variables(oidcBlock+".oidc_token"), Variables(oidcBlock+".oidc_token_file")
	if s.value(tokens[0]) != "" || s.value(files[0]) == "" {
		if token, _ = s.fill(oidcBlock+".oidc_token", ""); token != "" {
			return token, "", ""
		}
	}
	file, fileVariable = s.fill(oidcBlock+".oidc_token_file", "")
	return "", file, fileVariable
}

// missingOIDC returns the error for a missing value that any of the arguments could set. It is an *ArgumentError only
// if the configuration has the block.
func (s search) missingOIDC(arguments ...string) error {
	var names []string
	for _, argument := range arguments {
		names = append(names, oidcBlock+"."+argument)
	}
	variables := strings.Join(Variables(names...), " or ")
	if s.OIDC == nil {
		set, _ := s.Lookup(oidcVariables...)
		return safeErrorf("%s is set, but OIDC also needs %s: set it, or unset %s", set, variables, set)
	}
	return argumentErrorf(ProblemMissing, names[0], "`%s` has no `%s`: set it, or the environment variable %s",
		oidcBlock, strings.Join(arguments, "` or `"), variables)
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
