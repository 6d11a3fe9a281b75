package signin

import "terraform.local/pai/terraform-provider-pai/internal/paiclient"

// Configuration holds the arguments of the provider block that concern credentials. No value is unknown or starts or
// ends with whitespace. "" means unset.
type Configuration struct {
	AccessKey, SecretKey, SecurityToken string
	Profile, SharedCredentialsFile      string
	ECSRoleName, CredentialsURI         string

	AssumeRole *AssumeRole // nil if the block is omitted
	OIDC       *OIDC       // nil if the block is omitted

	// Empty contains the names of the arguments that the provider block sets to "", as in Arguments. They count as unset,
	// but Find warns if a variable replaces one of them.
	Empty []string

	Region      string // from the argument or the environment
	Network     string // paiclient.NetworkPublic or paiclient.NetworkVPC; "" if unset
	STSEndpoint string // from the argument only; Find reads the environment variables
}

// AssumeRole is the block assume_role. It sets a role that is assumed with the credentials of the selected source.
type AssumeRole struct {
	RoleARN                         *string // nil if omitted; "" ignores the variables and keeps the role of a profile
	SessionName, Policy, ExternalID string
	SessionExpiration               int // in seconds; 0 if unset
}

// OIDC is the block assume_role_with_oidc. It sets a role that is assumed with a token of a CI service or of
// Kubernetes.
type OIDC struct {
	ProviderARN, RoleARN    string
	Token, TokenFile        string
	RoleSessionName, Policy string
	SessionExpiration       int // in seconds; 0 if unset
}

// firstSet returns the first of the arguments that is set, or "" if none is. It supports only arguments that select a
// source.
func (c Configuration) firstSet(arguments []string) string {
	set := map[string]bool{
		"access_key":              c.AccessKey != "",
		"secret_key":              c.SecretKey != "",
		"security_token":          c.SecurityToken != "",
		"profile":                 c.Profile != "",
		"shared_credentials_file": c.SharedCredentialsFile != "",
		"credentials_uri":         c.CredentialsURI != "",
		"ecs_role_name":           c.ECSRoleName != "",
		"assume_role_with_oidc":   c.OIDC != nil,
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
	Name      string   // such as "access_key", or "assume_role.role_arn" in a block
	Variables []string // environment variables; the first one that is set is used if the argument is unset
	Default   string
	Secret    bool
}

const (
	defaultSessionName    = "terraform" // also of the alicloud provider
	defaultSessionSeconds = "3600"      // the default of the library and of STS
)

// Arguments contains all arguments that concern credentials, and the region. The search, the schema's descriptions and
// the documentation read this table. The variables that the alicloud provider reads come first, in its order.
var Arguments = []Argument{
	{
		Name: "access_key", Secret: true,
		Variables: []string{"ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"},
	},
	{
		Name: "secret_key", Secret: true,
		Variables: []string{"ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"},
	},
	{
		Name: "security_token", Secret: true,
		Variables: []string{"ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"},
	},
	{Name: "profile", Variables: []string{"ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALIBABACLOUD_PROFILE"}},
	{Name: "shared_credentials_file", Variables: []string{
		"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALIBABA_CLOUD_CONFIG_FILE",
	}},
	{Name: "credentials_uri", Variables: []string{"ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"}},
	{Name: "ecs_role_name", Variables: []string{"ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"}},
	{Name: "assume_role.role_arn", Variables: []string{"ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"}},
	{
		Name: "assume_role.session_name", Default: defaultSessionName,
		Variables: []string{"ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"},
	},
	{Name: "assume_role.policy"},
	{
		Name: "assume_role.session_expiration", Default: defaultSessionSeconds,
		Variables: []string{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"},
	},
	{Name: "assume_role.external_id"},
	{
		Name:      "assume_role_with_oidc.oidc_provider_arn",
		Variables: []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABACLOUD_OIDC_PROVIDER_ARN"},
	},
	{
		Name:      "assume_role_with_oidc.role_arn",
		Variables: []string{"ALIBABA_CLOUD_ROLE_ARN", "ALIBABACLOUD_ROLE_ARN"},
	},
	{
		Name: "assume_role_with_oidc.oidc_token", Secret: true,
		Variables: []string{"ALIBABA_CLOUD_OIDC_TOKEN", "ALIBABACLOUD_OIDC_TOKEN"},
	},
	{
		Name:      "assume_role_with_oidc.oidc_token_file",
		Variables: []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABACLOUD_OIDC_TOKEN_FILE"},
	},
	{
		Name: "assume_role_with_oidc.role_session_name", Default: defaultSessionName,
		Variables: []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALIBABACLOUD_ROLE_SESSION_NAME"},
	},
	{Name: "assume_role_with_oidc.session_expiration", Default: defaultSessionSeconds},
	{Name: "assume_role_with_oidc.policy"},
	{Name: "region", Variables: []string{
		"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION_ID",
	}},
	{Name: "sts_endpoint", Variables: []string{
		"ALIBABA_CLOUD_ENDPOINT_STS", "ALIBABA_CLOUD_STS_ENDPOINT", "ALICLOUD_STS_ENDPOINT", "STS_ENDPOINT",
	}},
}

// Variables returns the environment variables of the arguments, in the order of the arguments.
func Variables(arguments ...string) []string {
	var variables []string
	for _, name := range arguments {
		variables = append(variables, argumentNamed(name).Variables...)
	}
	return variables
}

// Default returns the default of an argument, or "" if it has none.
func Default(argument string) string { return argumentNamed(argument).Default }

func argumentNamed(name string) Argument {
	for _, argument := range Arguments {
		if argument.Name == name {
			return argument
		}
	}
	return Argument{}
}

// Result is the result of Find: the credentials of the selected source.
type Result struct {
	Credentials paiclient.CredentialSource
	Region      string // the region of the profile, or "" if there is none
	Network     string // paiclient.NetworkVPC if the profile selects it, or ""
	Name        string // the source, as shown in errors: the profile "dev" of /home/u/.aliyun/config.json
	Sessions    bool   // whether the source issues sessions; otherwise it contains the keys
	Warnings    []Warning
}

// Problem is what is wrong with an argument.
type Problem int

// The values of Problem. ProblemOther is every problem without a separate constant.
const (
	ProblemOther    Problem = iota
	ProblemMissing          // the argument is required
	ProblemConflict         // the argument can't be used together with another one
)

// ArgumentError is an error about an argument of the provider block.
type ArgumentError struct {
	Argument string // a name in Arguments, or the name of a block
	Problem  Problem
	Err      error
}

func (e *ArgumentError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *ArgumentError) Unwrap() error { return e.Err }

func argumentErrorf(problem Problem, argument, format string, values ...any) error {
	return &ArgumentError{Argument: argument, Problem: problem, Err: safeErrorf(format, values...)}
}
