package acctest

import (
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// TestAccCredentialResponses signs in with responses that differ from the usual ones.
func TestAccCredentialResponses(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	sidecar := func(do paisandbox.Effect) signInTest {
		return signInTest{
			file: "sidecar.tf", signer: signer{by: identity.BySidecar},
			prepare: func(_ *testing.T, c *cloud) []string {
				c.sidecar.AddFault(paisandbox.Fault{Do: do})
				return []string{"TF_VAR_credentials_uri=" + c.sidecar.URL()}
			},
		}
	}
	metadata := func(match func(paisandbox.Request) bool, do paisandbox.Effect) signInTest {
		return signInTest{
			file: "environment.tf", signer: signer{by: identity.ByMetadata},
			prepare: func(_ *testing.T, c *cloud) []string {
				c.metadata.AddFault(paisandbox.Fault{Match: match, Do: do})
				return nil
			},
		}
	}
	noTokens := paisandbox.Status(404, "text/plain", "")
	for name, test := range map[string]signInTest{
		"sidecar without Expiration":     sidecar(paisandbox.OmitMember("Expiration")),
		"sidecar without Code":           sidecar(paisandbox.OmitMember("Code")),
		"sidecar in China":               sidecar(paisandbox.SetMember("2039-01-02T15:04:05+08:00", "Expiration")),
		"ECS role without hardened mode": metadata(identity.OnMetadataToken, noTokens),
		"ECS role without Expiration":    metadata(identity.OnMetadataSession, paisandbox.OmitMember("Expiration")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

// TestAccRefusedCredentials checks that the error about a response names its cause and the fix.
func TestAccRefusedCredentials(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	sts := func(status int, code string) func(*cloud) {
		return func(c *cloud) { c.sts.AddFault(paisandbox.Fault{Do: paisandbox.APIError(status, code, "no")}) }
	}
	sidecar := func(do paisandbox.Effect) func(*cloud) {
		return func(c *cloud) { c.sidecar.AddFault(paisandbox.Fault{Do: do}) }
	}
	withExternalID := strings.Replace(assumeReader, "session_name", "external_id = \"team-a\"\nsession_name", 1)
	for name, test := range map[string]struct {
		arguments string
		prepare   func(*cloud)
		want      []string
	}{
		"wrong clock": {assumeReader, sts(400, "InvalidTimeStamp.Expired"), []string{"clock of this machine"}},
		"used nonce": {
			assumeReader + "max_retries = 0", sts(400, "SignatureNonceUsed"), []string{"proxy repeats requests"},
		},
		"missing token":     {assumeReader, sts(400, "MissingSecurityToken"), []string{"security_token"}},
		"no external ID":    {assumeReader, sts(403, "NoPermission"), []string{"trust policy", "set external_id"}},
		"wrong external ID": {withExternalID, sts(403, "NoPermission"), []string{"Check that external_id"}},
		"refused by the sidecar": {
			sidecarArgument, sidecar(paisandbox.Body(200, `{"Code":"Failed"}`)),
			[]string{`"Failed" instead of Success, no AccessKeyId, no AccessKeySecret, no SecurityToken`},
		},
		"long response of the sidecar": {sidecarArgument, sidecar(paisandbox.PadBody(1)), []string{"64 KiB"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			test.prepare(c)
			dir := newCredentialsDir(t, c, test.arguments)
			dir.env = slices.Concat(c.env, keyVariables())
			message := strings.ReplaceAll(strings.Join(strings.Fields(dir.plan(1)), " "), "`", "")
			wantOutput(t, message, test.want...)
			if got := len(c.Requests()); got != 0 {
				t.Errorf("the API received %d requests, want 0", got)
			}
		})
	}
}
