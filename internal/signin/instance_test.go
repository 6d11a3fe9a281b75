package signin

import (
	"strings"
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
	const token = "PUT /latest/api/token"
	fetchAttached := []string{token, "GET " + rolePath + "attached"}
	attached := []string{token, "GET " + rolePath, "GET " + rolePath + "attached"}
	refuse := func(match func(paisandbox.Request) bool, status int) paisandbox.Fault {
		return paisandbox.Fault{Match: match, Do: paisandbox.Status(status, "text/plain", "hidden")}
	}
	respond := func(match func(paisandbox.Request) bool, body string) paisandbox.Fault {
		return paisandbox.Fault{Match: match, Do: paisandbox.Status(200, "text/plain", body)}
	}
	onToken, onRole, onSession := identity.OnMetadataToken, identity.OnMetadataRole, identity.OnMetadataSession
	hardened := []string{imdsV1Disabled + "=true"}
	for _, test := range []struct { //nolint:paralleltest // see above
		name      string
		variables []string
		fault     paisandbox.Fault
		requests  []string // nil if not checked
		err       []string // nil if a session is expected
	}{
		{name: "attached role", requests: attached},
		{
			name: "attached role, IMDSv1 disabled", variables: hardened, requests: attached,
		},
		{
			name: "role", variables: []string{"ALICLOUD_ECS_ROLE_NAME=attached\n", "ALIBABA_CLOUD_ECS_METADATA=other"},
			requests: fetchAttached,
		},
		{
			name: "role of the second variable", variables: []string{"ALIBABA_CLOUD_ECS_METADATA=attached"},
			requests: fetchAttached,
		},
		{
			name: "wrong role", variables: []string{"ALIBABA_CLOUD_ECS_METADATA=other"},
			err:      []string{"the ECS role other of ALIBABA_CLOUD_ECS_METADATA", "HTTP 404", "is attached to it"},
			requests: []string{token, "GET " + rolePath + "other"},
		},
		{
			name: "role with a slash", variables: []string{"ALIBABA_CLOUD_ECS_METADATA=../a?b"}, err: []string{"HTTP 404"},
			requests: []string{token, "GET " + rolePath + "../a?b"},
		},
		{name: "no attached role", fault: refuse(onRole, 404), err: []string{"no role is attached"}, requests: attached[:2]},
		{name: "no name of a role", fault: respond(onRole, "<p>hidden"), err: []string{"not the name of a role"}},
		{name: "no tokens", fault: refuse(onToken, 404), requests: attached},
		{name: "broken tokens", fault: respond(onToken, "<p>hidden\n</p>"), requests: attached},
		{name: "connection lost", fault: paisandbox.Fault{Match: onToken, Do: paisandbox.Reset()}, requests: attached},
		{
			name: "no tokens, IMDSv1 disabled", variables: hardened, fault: refuse(onToken, 404),
			err: []string{"no metadata token, which " + imdsV1Disabled + " requires", "HTTP 404"}, requests: []string{token},
		},
		{
			name: "broken tokens, IMDSv1 disabled", variables: hardened, fault: respond(onToken, ""),
			err: []string{"not a token"}, requests: []string{token},
		},
		{
			name:     "refused token",
			fault:    paisandbox.Fault{Match: onRole, Times: 1, Do: paisandbox.Status(403, "text/plain", "hidden")},
			requests: []string{token, "GET " + rolePath, "GET " + rolePath, "GET " + rolePath + "attached"},
		},
		{
			name: "refused token, IMDSv1 disabled", variables: hardened, fault: refuse(onRole, 403), err: []string{"HTTP 403"},
			requests: attached[:2],
		},
		{name: "redirect", fault: refuse(onSession, 302), err: []string{"redirect (HTTP 302)"}},
		{name: "another Code", fault: respond(onSession, `{"Code": "Failed"}`), err: []string{`"Failed" instead of Success`}},
		{name: "HTML", fault: respond(onSession, "<html>hidden"), err: []string{"invalid JSON at byte 1"}},
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
			server.AddFault(test.fault)
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
	checkFixFirst(t, err, "set `access_key`", "ALIBABA_CLOUD_OIDC_TOKEN",
		"No credentials from the role of the ECS instance")
}

func TestSidecarOfEnvironment(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	uri := startSidecar(t, s, time.Hour).URL()
	for _, variable := range Variables("credentials_uri") {
		got, err := fetch(t, Configuration{}, newEnv(t, variable+"="+uri+"\n"))
		checkLastSession(t, got, err, s, identity.BySidecar)
	}
}

func TestSidecarErrors(t *testing.T) {
	t.Parallel()
	secrets := `"AccessKeySecret": "hidden", "SecurityToken": "hidden"`
	for name, test := range map[string]struct {
		do   paisandbox.Effect
		want []string
	}{
		"error in JSON": {
			paisandbox.Body(403, `{"Code": "NoPermission", "RequestId": "3A-5B", `+secrets+`}`),
			[]string{"HTTP 403", "code NoPermission", "request ID 3A-5B"},
		},
		"error in text":       {paisandbox.Body(500, "key=hidden"), []string{"HTTP 500"}},
		"error in HTML":       {paisandbox.Body(502, "<p>hidden"), []string{"HTTP 502"}},
		"error without text":  {paisandbox.Body(502, ""), []string{"HTTP 502"}},
		"redirect":            {paisandbox.Redirect("http://127.0.0.1:1/?hidden"), []string{"redirect (HTTP 302)"}},
		"text":                {paisandbox.Body(200, "hidden"), []string{"invalid JSON at byte 1"}},
		"odd expiration":      {paisandbox.SetMember("hidden", "Expiration"), []string{"no valid Expiration"}},
		"long response":       {paisandbox.PadBody(1), []string{"longer than 64 KiB"}},
		"compressed response": {paisandbox.GzipBomb(64), []string{"longer than 64 KiB"}},
		"truncated response":  {paisandbox.Truncate(), []string{"unexpected EOF"}},
		"connection reset":    {paisandbox.Reset(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sidecar := startSidecar(t, startSandbox(t), time.Hour)
			sidecar.AddFault(paisandbox.Fault{Do: test.do})
			uri := strings.Replace(sidecar.URL(), "://", "://me:hidden-password@", 1) + "/?token=hidden-token"
			_, err := fetch(t, Configuration{}, newEnv(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+uri))
			checkError(t, err, append(test.want, "the sidecar set by ALIBABA_CLOUD_CREDENTIALS_URI", "check the address")...)
		})
	}
	for uri, want := range map[string]string{
		"http://127.0.0.1:1/?token=hidden":      "connection refused",
		"http://me:hidden%zz@127.0.0.1":         "not a URL",
		"http://127.0.0.1:hidden/":              "not a URL",
		"127.0.0.1/hidden":                      "http://",
		"http://sidecar.example.com/?t=hidden":  "a test tried to reach sidecar.example.com",
		"https://sidecar.example.com/?t=hidden": "a test tried to reach sidecar.example.com",
	} {
		_, err := fetch(t, Configuration{}, newEnv(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+uri))
		checkError(t, err, want, "ALIBABA_CLOUD_CREDENTIALS_URI")
	}
}
