package acctest

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

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

// alicloud is a stub of the alicloud provider with the credential arguments and the resource of the guide. Source of
// the types: the documentation of the alicloud provider.
type alicloud struct {
	mu     sync.Mutex
	values []string // values of alicloudArguments in the provider block
}

// alicloudArguments are the arguments of the stub's provider block.
var alicloudArguments = []string{"region", "access_key", "secret_key", "security_token"}

// configuration returns the values of alicloudArguments, separated by spaces.
func (p *alicloud) configuration() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.values, " ")
}

func (p *alicloud) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "alicloud"
}

func (p *alicloud) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema.Attributes = make(map[string]providerschema.Attribute)
	for _, name := range alicloudArguments {
		resp.Schema.Attributes[name] = providerschema.StringAttribute{Optional: true}
	}
}

func (p *alicloud) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.values = nil
	for _, name := range alicloudArguments {
		var value types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), &value)...)
		p.values = append(p.values, value.ValueString())
	}
}

func (p *alicloud) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *alicloud) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return alicloudService{} }, func() resource.Resource { return alicloudWorkspace{} },
	}
}

// serve serves the stub in this process until the test ends. It returns the value of TF_REATTACH_PROVIDERS with which
// the CLI connects to the stub.
func (p *alicloud) serve(t *testing.T) string {
	t.Helper()
	reattach, closed := newReattachChannel(tf6server.WithDebug), make(chan struct{})
	go func() {
		if err := tf6server.Serve("aliyun/alicloud", providerserver.NewProtocol6(p),
			tf6server.WithDebug(t.Context(), reattach, closed), tf6server.WithLoggingSink(t)); err != nil {
			t.Error(err)
		}
	}()
	config := <-reattach
	t.Cleanup(func() { <-closed })
	value, err := json.Marshal(map[string]any{"aliyun/alicloud": map[string]any{
		"Protocol": config.Protocol, "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": config.Test,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(value)
}

// newReattachChannel returns a channel with the type of a parameter of WithDebug. The compiler infers the type, so that
// this file does not depend on go-plugin, which declares it.
func newReattachChannel[T any](func(context.Context, chan T, chan struct{}) tf6server.ServeOpt) chan T {
	return make(chan T)
}

// alicloudService is the resource alicloud_pai_service. It stores the planned values in the state.
type alicloudService struct{}

func (alicloudService) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "alicloud_pai_service"
}

func (alicloudService) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema.Attributes = map[string]schema.Attribute{
		"develop":        schema.StringAttribute{Optional: true},
		"service_config": schema.StringAttribute{Required: true},
		"tags":           schema.MapAttribute{Optional: true, ElementType: types.StringType},
		"workspace_id":   schema.StringAttribute{Optional: true},
	}
}

func (alicloudService) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (alicloudService) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}
func (alicloudService) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (alicloudService) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// alicloudWorkspace is the resource alicloud_pai_workspace_workspace. Every workspace has the ID 4711.
type alicloudWorkspace struct{ alicloudService }

func (alicloudWorkspace) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "alicloud_pai_workspace_workspace"
}

func (alicloudWorkspace) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema.Attributes = map[string]schema.Attribute{
		"description":    schema.StringAttribute{Required: true},
		"display_name":   schema.StringAttribute{Optional: true},
		"env_types":      schema.ListAttribute{Required: true, ElementType: types.StringType},
		"id":             schema.StringAttribute{Computed: true},
		"workspace_name": schema.StringAttribute{Required: true},
	}
}

func (alicloudWorkspace) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), "4711")...)
}
