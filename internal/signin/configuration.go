package signin

import "terraform.local/pai/terraform-provider-pai/internal/paiclient"

// Configuration is what the provider block says about credentials. All values are known and trimmed; "" is unset.
type Configuration struct {
	AccessKey, SecretKey, SecurityToken string
	Profile, SharedCredentialsFile      string
	ECSRoleName, CredentialsURI         string

	AssumeRole *AssumeRole // nil: no block
	OIDC       *OIDC       // nil: no block

	Region      string // of the provider, from its argument or the environment
	Network     string // paiclient.NetworkPublic or paiclient.NetworkVPC
	STSEndpoint string // of the argument only
}

// AssumeRole is the block assume_role: a role that is assumed with the credentials of the source.
type AssumeRole struct {
	RoleARN                         *string // nil: omitted; "": assume no role, not even that of the environment
	SessionName, Policy, ExternalID string
	SessionExpiration               int // in seconds; 0: unset
}

// OIDC is the block assume_role_with_oidc: a role that is assumed with the token of a CI service or of Kubernetes.
type OIDC struct {
	ProviderARN, RoleARN    string
	Token, TokenFile        string
	RoleSessionName, Policy string
	SessionExpiration       int // in seconds; 0: unset
}

// firstSet returns the first of the arguments that is set, "" if none is. Each must be one that selects a source.
func (c Configuration) firstSet(arguments []string) string {
	set := map[string]bool{
		"access_key":              c.AccessKey != "",
		"secret_key":              c.SecretKey != "",
		"security_token":          c.SecurityToken != "",
		"assume_role_with_oidc":   c.OIDC != nil,
		"profile":                 c.Profile != "",
		"shared_credentials_file": c.SharedCredentialsFile != "",
		"credentials_uri":         c.CredentialsURI != "",
		"ecs_role_name":           c.ECSRoleName != "",
	}
	for _, argument := range arguments {
		if set[argument] {
			return argument
		}
	}
	return ""
}

// Argument is an argument of the provider block that concerns credentials.
type Argument struct {
	Name      string   // "access_key"; in a block "assume_role.role_arn"
	Variables []string // environment variables, of which the first that is set replaces the argument if that is unset
	Default   string
	Secret    bool
}

// Variables of more than one argument.
var (
	roleVariable         = "ALIBABA_CLOUD_ROLE_ARN"
	sessionNameVariables = []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALICLOUD_ASSUME_ROLE_SESSION_NAME"}
)

const (
	defaultSessionName    = "terraform-provider-pai"
	defaultSessionSeconds = "3600" // of the library, and of STS
)

// Arguments are all of them. The search, the schema's descriptions and the documentation are made from this table.
var Arguments = []Argument{
	{Name: "access_key", Variables: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY"}, Secret: true},
	{Name: "secret_key", Variables: []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY"}, Secret: true},
	{Name: "security_token", Variables: []string{"ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN"}, Secret: true},
	{Name: "profile", Variables: []string{"ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"}},
	{Name: "shared_credentials_file", Variables: []string{
		"ALIBABA_CLOUD_CONFIG_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE",
	}},
	{Name: "ecs_role_name", Variables: []string{"ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME"}},
	{Name: "credentials_uri", Variables: []string{"ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI"}},
	{Name: "assume_role.role_arn", Variables: []string{roleVariable, "ALICLOUD_ASSUME_ROLE_ARN"}},
	{Name: "assume_role.session_name", Variables: sessionNameVariables, Default: defaultSessionName},
	{Name: "assume_role.policy"},
	{Name: "assume_role.session_expiration", Default: defaultSessionSeconds},
	{Name: "assume_role.external_id"},
	{Name: "assume_role_with_oidc.oidc_provider_arn", Variables: []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}},
	{Name: "assume_role_with_oidc.role_arn", Variables: []string{roleVariable}},
	{Name: "assume_role_with_oidc.oidc_token", Variables: []string{"ALIBABA_CLOUD_OIDC_TOKEN"}, Secret: true},
	{Name: "assume_role_with_oidc.oidc_token_file", Variables: []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE"}},
	{Name: "assume_role_with_oidc.role_session_name", Variables: sessionNameVariables, Default: defaultSessionName},
	{Name: "assume_role_with_oidc.session_expiration", Default: defaultSessionSeconds},
	{Name: "assume_role_with_oidc.policy"},
	{Name: "sts_endpoint", Variables: []string{
		"ALIBABA_CLOUD_ENDPOINT_STS", "ALIBABA_CLOUD_STS_ENDPOINT", "ALICLOUD_STS_ENDPOINT", "STS_ENDPOINT",
	}},
}

// Variables returns the environment variables of the arguments, one argument after the other.
func Variables(arguments ...string) []string {
	var variables []string
	for _, name := range arguments {
		variables = append(variables, argumentNamed(name).Variables...)
	}
	return variables
}

// Default returns the default of an argument, "" if it has none.
func Default(argument string) string { return argumentNamed(argument).Default }

func argumentNamed(name string) Argument {
	for _, argument := range Arguments {
		if argument.Name == name {
			return argument
		}
	}
	return Argument{}
}

// Found is the credential source that Find found.
type Found struct {
	Source paiclient.CredentialSource
	Region string // of the profile, if it is one that has a region
	Name   string // as errors name the source: "the profile dev of /home/u/.aliyun/config.json"
}

// ArgumentError is an error about an argument of the provider block.
type ArgumentError struct {
	Argument string // as in Arguments, or the name of a block
	Err      error
}

func (e *ArgumentError) Error() string { return e.Err.Error() }

// Unwrap returns the error without the argument.
func (e *ArgumentError) Unwrap() error { return e.Err }

func argumentErrorf(argument, format string, values ...any) error {
	return &ArgumentError{Argument: argument, Err: safeErrorf(format, values...)}
}
