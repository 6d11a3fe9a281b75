package acctest

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

func guideAlicloud(t *testing.T) {
	t.Helper()
	const (
		key, secret, token = "TheKeyOfBoth", "TheSecretOfBoth", "TheTokenOfBoth"

		repository = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:"
		// The expected configuration of the service, in JSON.
		service = `{"cloud":{"computing":{"instances":[{"type":"ecs.gn7i-c8g1.2xlarge"}]}},` +
			`"containers":[{"image":"` + repository + `0.14.0-gpu","port":8000,"script":"python app.py --port=8000"}],` +
			`"metadata":{"instance":1,"name":"chat","workspace_id":"20455"}}`
	)
	page := readGuidePage(t, "alicloud")
	sandbox := providertest.Start(t, paisandbox.Options{
		Region: "cn-hangzhou", AccessKeyID: key, AccessKeySecret: secret, SecurityToken: token,
	})
	endpoint := "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=" + sandbox.URL()

	// First, the guide's placeholder replaces the service. The provider reads the variables of the alicloud provider.
	placeholder := newGuideDir(t, "alicloud", sandbox)
	placeholder.env = []string{
		endpoint, "ALICLOUD_REGION=cn-hangzhou",
		"ALICLOUD_ACCESS_KEY=" + key, "ALICLOUD_SECRET_KEY=" + secret, "ALICLOUD_SECURITY_TOKEN=" + token,
	}
	placeholder.apply()
	if got := readState(t, placeholder, "terraform_data.chat")["input"]; got != service {
		t.Errorf("terraform_data.chat has the input %v, want %s", got, service)
	}
	page.wantQuote(t, "JobSpecs", placeholder.output("training_job"))
	placeholder.plan(0)

	// Then a stub serves the resource of the alicloud provider. Both provider blocks have the same arguments.
	stub := &alicloud{}
	withAlicloud := &workingDir{t: t, path: t.TempDir(), env: []string{
		endpoint, "TF_REATTACH_PROVIDERS=" + stub.serve(t),
		"TF_VAR_access_key=" + key, "TF_VAR_secret_key=" + secret, "TF_VAR_security_token=" + token,
	}}
	for _, file := range []string{"main.tf", "with-alicloud/service.tf"} {
		content := readFile(t, filepath.Join(placeholder.path, file))
		withAlicloud.write(filepath.Base(file), content)
	}
	withAlicloud.init()
	withAlicloud.apply()
	chat := readState(t, withAlicloud, "alicloud_pai_service.chat")
	if chat["service_config"] != service || chat["workspace_id"] != "20455" {
		t.Errorf("alicloud_pai_service.chat is %v, want the configuration %s in workspace 20455", chat, service)
	}
	if got, want := stub.configuration(), strings.Join([]string{"cn-hangzhou", key, secret, token}, " "); got != want {
		t.Errorf("alicloud is configured with %q, want %q", got, want)
	}
	withAlicloud.plan(0)

	// The ID of a workspace comes from its resource, or from a lookup by its name.
	withAlicloud.write("workspaces.tf", readFile(t, filepath.Join(placeholder.path, "with-alicloud/workspaces.tf")))
	withAlicloud.apply()
	if got := withAlicloud.run("output", "-json", "workspace_ids"); strings.TrimSpace(got) != `["4711","31977"]` {
		t.Errorf("workspace_ids is %s", got)
	}
	withAlicloud.plan(0)

	// With depends_on, the plan shows a change of the service, although the image stays the same.
	before := withAlicloud.edit("main.tf", "  version        = \"~> 0.14\"",
		"  version = \"~> 0.14\"\n  depends_on = [terraform_data.network]")
	withAlicloud.write("network.tf", "resource \"terraform_data\" \"network\" {\n}\n")
	wantOutput(t, withAlicloud.plan(2), "# alicloud_pai_service.chat will be updated in-place", ") -> (known after apply)")
	withAlicloud.write("main.tf", before)
	withAlicloud.write("network.tf", "")

	// A newer image without the labels for the port and the script doesn't match. Without these filters, the lookup would
	// select this image and the plan would fail.
	vllm := func(version string, labels ...paisandbox.Label) paisandbox.Image {
		return paisandbox.Official(repository+version+"-gpu", append(labels, paisandbox.L("system.chipType", "GPU"),
			paisandbox.L("system.supported.eas", "true"), paisandbox.L("system.framework.vLLM", version))...)
	}
	sandbox.Put(vllm("0.16.0"))
	placeholder.plan(0)
	withAlicloud.plan(0)
	before = placeholder.edit("main.tf", "labels = { #", "labels = {} /*")
	placeholder.edit("main.tf", "\"system.eas.default.script\" = \"*\"\n  }", "*/")
	wantOutput(t, placeholder.plan(1), "Error: Invalid index", `data.pai_image.vllm.label_map["system.eas.default.port"]`)
	placeholder.write("main.tf", before)

	// A newer image with these labels changes the service.
	sandbox.Put(vllm("0.15.0", paisandbox.L("system.eas.default.port", "8080"),
		paisandbox.L("system.eas.default.script", "vllm serve")))
	page.wantQuote(t, "alicloud_pai_service.chat", withAlicloud.plan(2))
	withAlicloud.edit("service.tf", "= local.service_config\n",
		"= local.service_config\n  lifecycle {\n    ignore_changes = [service_config]\n  }\n")
	withAlicloud.plan(0)
	wantOutput(t, placeholder.plan(2), "# terraform_data.chat will be updated in-place", "/pai-eas/vllm:0.15.0-gpu")
}

// readState returns the values of a resource in the state.
func readState(t *testing.T, dir *workingDir, address string) map[string]any {
	t.Helper()
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string
					Values  map[string]any
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal([]byte(dir.run("show", "-json")), &state); err != nil {
		t.Fatal(err)
	}
	for _, r := range state.Values.RootModule.Resources {
		if r.Address == address {
			return r.Values
		}
	}
	t.Fatalf("the state lacks %s", address)
	return nil
}
