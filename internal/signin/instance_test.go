package signin

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

const rolePath = "/latest/meta-data/ram/security-credentials/"

// TestECSRole runs its cases one after another, because the metadata service has a fixed address.
func TestECSRole(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_ECS_METADATA", "") // see TestProfileOfInstance
	attached := []string{
		"PUT /latest/api/token", "GET " + rolePath, "PUT /latest/api/token", "GET " + rolePath + "attached",
	}
	fetchAttached := []string{"PUT /latest/api/token", "GET " + rolePath + "attached"}
	const secrets = `"AccessKeyId": "x", "AccessKeySecret": "hidden", "SecurityToken": "hidden"`
	for _, test := range []struct { //nolint:paralleltest // see above
		name      string
		variables []string
		session   string   // response body that replaces the session
		requests  []string // nil if not checked
		err       []string // nil if a session is expected
	}{
		{name: "attached role", requests: attached},
		{
			name: "attached role, IMDSv1 disabled", variables: []string{"ALIBABA_CLOUD_IMDSV1_DISABLED=true"},
			requests: attached,
		},
		{
			name: "role", variables: []string{"ALIBABA_CLOUD_ECS_METADATA=attached\n", "ALICLOUD_ECS_ROLE_NAME=other"},
			requests: fetchAttached,
		},
		{
			name: "role of the second variable", variables: []string{"ALICLOUD_ECS_ROLE_NAME=attached"},
			requests: fetchAttached,
		},
		{
			name: "wrong role", variables: []string{"ALIBABA_CLOUD_ECS_METADATA=other"},
			err: []string{"the ECS role other of ALIBABA_CLOUD_ECS_METADATA", "HTTP 404", "is attached to it"},
		},
		// The library panics if a member is missing.
		{name: "no Code", session: "{" + secrets + "}", err: []string{"incomplete response"}},
		{name: "no Expiration", session: `{"Code": "Success", ` + secrets + "}", err: []string{"incomplete response"}},
		{name: "no keys", session: `{"Code": "Success"}`, err: []string{"fail to get credentials"}},
		{name: "another Code", session: `{"Code": "Failed", ` + secrets + "}", err: []string{"Code is not Success"}},
		{name: "HTML", session: "<html>hidden", err: []string{"refresh Ecs sts token err"}},
		{
			name: "disabled", variables: []string{metadataDisabled + "=TRUE"}, err: []string{metadataDisabled},
			requests: []string{},
		},
		{
			name: "role, disabled", variables: []string{metadataDisabled + "=true", "ALIBABA_CLOUD_ECS_METADATA=attached"},
			err: []string{metadataDisabled}, requests: []string{},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startSandbox(t)
			server := useMetadata(t, s)
			if test.session != "" {
				server.AddFault(paisandbox.Fault{
					Match: func(r paisandbox.Request) bool { return r.Path == rolePath+"attached" },
					Do:    paisandbox.Body(200, test.session),
				})
			}
			got, err := fetch(t, Configuration{}, newEnv(t, test.variables...))
			if test.err != nil {
				checkError(t, err, test.err...)
			} else {
				checkLastSession(t, got, err, s, identity.ByMetadata)
			}
			requests := []string{}
			for _, r := range server.Requests() {
				requests = append(requests, r.Method+" "+r.Path)
			}
			if diff := cmp.Diff(test.requests, requests); test.requests != nil && diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNothingSetOutsideCloud sets no source on a machine without a metadata service.
func TestNothingSetOutsideCloud(t *testing.T) { //nolint:paralleltest // the metadata service has a fixed address
	env := newEnv(t)
	begin := time.Now()
	_, err := fetch(t, Configuration{}, env)
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("the error took %s", took)
	}
	checkError(t, err, "the role of the ECS instance", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY",
		"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_CONFIG_FILE",
		"ALIBABA_CLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_ECS_METADATA", env.Home, "set `access_key` and `secret_key`",
		"aliyun configure")
}
