package signin

import "terraform.local/pai/terraform-provider-pai/internal/paiclient"

// Configuration is what the provider block says of signing in. "" is not set; all values are known and trimmed.
type Configuration struct {
	AccessKey, SecretKey, SecurityToken string
	Profile, SharedCredentialsFile      string
	ECSRoleName, CredentialsURI         string

	AssumeRole *AssumeRole // nil: no block
	OIDC       *OIDC       // nil: no block

	Region      string // the provider's, from its argument or the environment; may be ""
	Network     string // paiclient.NetworkPublic or paiclient.NetworkVPC
	STSEndpoint string // the argument alone: the environment is looked at here
}

// AssumeRole is the block of this name: a role that is assumed with whatever signed in.
type AssumeRole struct {
	RoleARN                         *string // nil: left out; "": no role is assumed, the environment's neither
	SessionName, Policy, ExternalID string
	SessionExpiration               int // in seconds; 0: not set
}

// OIDC is the block assume_role_with_oidc: sign-in with the token of a CI service, of Kubernetes, of a hosted Terraform.
type OIDC struct {
	ProviderARN, RoleARN    string
	Token, TokenFile        string
	RoleSessionName, Policy string
	SessionExpiration       int // in seconds; 0: not set
}

// Found is what signs in.
type Found struct {
	Source paiclient.CredentialSource
	Region string // the profile's own, where a profile signs in and has one
	Way    string // how a sentence names what signs in: "the profile dev of /home/u/.aliyun/config.json"
}

// ArgumentError stands on an argument of the provider block, which it names as Arguments does, or a block's name.
type ArgumentError struct {
	Argument string
	Err      error
}

func (e *ArgumentError) Error() string { return e.Err.Error() }

// Unwrap gives what is wrong with the argument.
func (e *ArgumentError) Unwrap() error { return e.Err }

func argumentErrorf(argument, format string, arguments ...any) error {
	return &ArgumentError{Argument: argument, Err: ownErrorf(format, arguments...)}
}

// set says which arguments that name a way are there.
func (c Configuration) set() map[string]bool {
	return map[string]bool{
		"access_key":              c.AccessKey != "",
		"secret_key":              c.SecretKey != "",
		"security_token":          c.SecurityToken != "",
		"assume_role_with_oidc":   c.OIDC != nil,
		"profile":                 c.Profile != "",
		"shared_credentials_file": c.SharedCredentialsFile != "",
		"credentials_uri":         c.CredentialsURI != "",
		"ecs_role_name":           c.ECSRoleName != "",
	}
}
