package signin

// Argument is one of the provider's arguments that have to do with signing in.
type Argument struct {
	Name        string   // as in the provider block; a member of a block with a dot: "assume_role.role_arn"
	Environment []string // variables that stand in for it, in order: the first that is set counts
	Default     string
	Secret      bool
}

// Variables that more than one argument falls back to.
var (
	roleVariable     = "ALIBABA_CLOUD_ROLE_ARN"
	sessionVariables = []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALICLOUD_ASSUME_ROLE_SESSION_NAME"}
)

const (
	defaultSession = "terraform-provider-pai"
	defaultSeconds = "3600" // the library's, and that of STS
)

// Arguments are all of them. Signing in, the texts of errors, the schema's descriptions and the documents come from here.
var Arguments = []Argument{
	{Name: "access_key", Environment: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY"}, Secret: true},
	{Name: "secret_key", Environment: []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY"}, Secret: true},
	{Name: "security_token", Environment: []string{"ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN"}, Secret: true},
	{Name: "profile", Environment: []string{"ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"}},
	{Name: "shared_credentials_file", Environment: []string{
		"ALIBABA_CLOUD_CONFIG_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE",
	}},
	{Name: "ecs_role_name", Environment: []string{"ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME"}},
	{Name: "credentials_uri", Environment: []string{"ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI"}},
	{Name: "assume_role.role_arn", Environment: []string{roleVariable, "ALICLOUD_ASSUME_ROLE_ARN"}},
	{Name: "assume_role.session_name", Environment: sessionVariables, Default: defaultSession},
	{Name: "assume_role.policy"},
	{Name: "assume_role.session_expiration", Default: defaultSeconds},
	{Name: "assume_role.external_id"},
	{Name: "assume_role_with_oidc.oidc_provider_arn", Environment: []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}},
	{Name: "assume_role_with_oidc.role_arn", Environment: []string{roleVariable}},
	{Name: "assume_role_with_oidc.oidc_token", Environment: []string{"ALIBABA_CLOUD_OIDC_TOKEN"}, Secret: true},
	{Name: "assume_role_with_oidc.oidc_token_file", Environment: []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE"}},
	{Name: "assume_role_with_oidc.role_session_name", Environment: sessionVariables, Default: defaultSession},
	{Name: "assume_role_with_oidc.session_expiration", Default: defaultSeconds},
	{Name: "assume_role_with_oidc.policy"},
	{Name: "sts_endpoint", Environment: []string{
		"ALIBABA_CLOUD_ENDPOINT_STS", "ALIBABA_CLOUD_STS_ENDPOINT", "ALICLOUD_STS_ENDPOINT", "STS_ENDPOINT",
	}},
}

// Environment gives the variables that stand in for an argument.
func Environment(argument string) []string { return known(argument).Environment }

// Default gives what an argument is where nothing is set, empty where there is no default.
func Default(argument string) string { return known(argument).Default }

func known(name string) Argument {
	for _, argument := range Arguments {
		if argument.Name == name {
			return argument
		}
	}
	return Argument{}
}
