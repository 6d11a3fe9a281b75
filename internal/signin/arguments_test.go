package signin

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestArguments holds the table to the names that users know.
func TestArguments(t *testing.T) {
	t.Parallel()
	var got []string
	for _, argument := range Arguments {
		line := argument.Name + ": " + strings.Join(argument.Environment, " ")
		if argument.Secret {
			line += " (secret)"
		}
		if argument.Default != "" {
			line += " = " + argument.Default
		}
		got = append(got, line)
	}
	want := []string{
		"access_key: ALIBABA_CLOUD_ACCESS_KEY_ID ALICLOUD_ACCESS_KEY (secret)",
		"secret_key: ALIBABA_CLOUD_ACCESS_KEY_SECRET ALICLOUD_SECRET_KEY (secret)",
		"security_token: ALIBABA_CLOUD_SECURITY_TOKEN ALICLOUD_SECURITY_TOKEN (secret)",
		"profile: ALIBABA_CLOUD_PROFILE ALICLOUD_PROFILE",
		"shared_credentials_file: ALIBABA_CLOUD_CONFIG_FILE ALIBABA_CLOUD_CREDENTIALS_FILE ALICLOUD_SHARED_CREDENTIALS_FILE",
		"ecs_role_name: ALIBABA_CLOUD_ECS_METADATA ALICLOUD_ECS_ROLE_NAME",
		"credentials_uri: ALIBABA_CLOUD_CREDENTIALS_URI ALICLOUD_CREDENTIALS_URI",
		"assume_role.role_arn: ALIBABA_CLOUD_ROLE_ARN ALICLOUD_ASSUME_ROLE_ARN",
		"assume_role.session_name: ALIBABA_CLOUD_ROLE_SESSION_NAME ALICLOUD_ASSUME_ROLE_SESSION_NAME = terraform-provider-pai",
		"assume_role.policy: ",
		"assume_role.session_expiration:  = 3600",
		"assume_role.external_id: ",
		"assume_role_with_oidc.oidc_provider_arn: ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
		"assume_role_with_oidc.role_arn: ALIBABA_CLOUD_ROLE_ARN",
		"assume_role_with_oidc.oidc_token: ALIBABA_CLOUD_OIDC_TOKEN (secret)",
		"assume_role_with_oidc.oidc_token_file: ALIBABA_CLOUD_OIDC_TOKEN_FILE",
		"assume_role_with_oidc.role_session_name: ALIBABA_CLOUD_ROLE_SESSION_NAME ALICLOUD_ASSUME_ROLE_SESSION_NAME = terraform-provider-pai",
		"assume_role_with_oidc.session_expiration:  = 3600",
		"assume_role_with_oidc.policy: ",
		"sts_endpoint: ALIBABA_CLOUD_ENDPOINT_STS ALIBABA_CLOUD_STS_ENDPOINT ALICLOUD_STS_ENDPOINT STS_ENDPOINT",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
	if Environment("no_such_argument") != nil {
		t.Error("an argument that isn't there has an environment")
	}
}

// TestEveryVariableAlone sets one variable of the table, and looks at what it does by itself.
func TestEveryVariableAlone(t *testing.T) {
	t.Parallel()
	sidecar := serve(t, http.StatusOK, session("sidecar", time.Hour))
	file := write(t, t.TempDir(), "elsewhere", cliProfiles)
	const nothing = "there is nothing to sign in with"
	expected := map[string]struct{ value, way, id, err string }{
		"access_key":               {"x", "", "", "is set and "},
		"secret_key":               {"hidden", "", "", "is set and "},
		"security_token":           {"hidden", "", "", nothing}, // left over from a session
		"profile":                  {"x", "", "", `there is no profile "x"`},
		"shared_credentials_file":  {file, "the profile main of " + file, "main-id", ""},
		"ecs_role_name":            {"x", "the ECS instance's role x, which $variable names", "", ""},
		"credentials_uri":          {sidecar, "the sidecar that $variable names", "STS.sidecar", ""},
		"assume_role.role_arn":     {"x", "", "", nothing},
		"assume_role.session_name": {"x", "", "", nothing},
		"assume_role_with_oidc.oidc_provider_arn": {"x", "", "", "$variable is set, but no OIDC token"},
		"assume_role_with_oidc.role_arn":          {"x", "", "", nothing},
		"assume_role_with_oidc.oidc_token":        {"hidden", "", "", "there is an OIDC token in"},
		"assume_role_with_oidc.oidc_token_file":   {"x", "", "", "there is an OIDC token in"},
		"assume_role_with_oidc.role_session_name": {"x", "", "", nothing},
		"sts_endpoint": {"x", "", "", nothing},
	}
	for _, argument := range Arguments {
		want, told := expected[argument.Name]
		if told != (len(argument.Environment) > 0) {
			t.Errorf("%s has the variables %v", argument.Name, argument.Environment)
		}
		for _, variable := range argument.Environment {
			t.Run(argument.Name+" "+variable, func(t *testing.T) {
				t.Parallel()
				variables := []string{variable + "=" + want.value + "\n"}
				if argument.Name != "ecs_role_name" {
					variables = append(variables, metadataDisabled+"=true")
				}
				surroundings := around(t, variables...)
				if want.err != "" {
					_, err := signIn(t, surroundings)
					checkError(t, err, strings.ReplaceAll(want.err, "$variable", variable))
					if on := (*ArgumentError)(nil); errors.As(err, &on) {
						t.Errorf("the error stands on %s, which nobody set", on.Argument)
					}
					return
				}
				if got := find(t, Configuration{}, surroundings).Way; got != strings.ReplaceAll(want.way, "$variable", variable) {
					t.Errorf("the way is %q", got)
				}
				if want.id == "" {
					return // the instance is not asked here
				}
				if got, err := signIn(t, surroundings); err != nil || got.AccessKeyID != want.id {
					t.Errorf("signed in as %q (%v), want %q", got.AccessKeyID, err, want.id)
				}
			})
		}
	}
}
