package acctest

import (
	"context"
	"encoding/json"
	"os"
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

		eas     = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:"
		service = `{"cloud":{"computing":{"instances":[{"type":"ecs.gn7i-c8g1.2xlarge"}]}},` +
			`"containers":[{"image":"` + eas + `0.14.0-gpu","port":8000,"script":"python app.py --port=8000"}],` +
			`"metadata":{"instance":1,"name":"chat","workspace_id":"20455"}}`
	)
	page := readGuidePage(t, "alicloud")
	sandbox := providertest.Start(t, paisandbox.Options{
		Region: "cn-hangzhou", AccessKeyID: key, AccessKeySecret: secret, SecurityToken: token,
	})
	endpoint := "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=" + sandbox.URL()

	// The stand-in, and the variables of the alicloud provider.
	standIn := newGuideDir(t, "alicloud", sandbox)
	standIn.env = []string{
		endpoint, "ALICLOUD_REGION=cn-hangzhou", "ALICLOUD_ACCESS_KEY=" + key, "ALICLOUD_SECRET_KEY=" + secret, "ALICLOUD_SECURITY_TOKEN=" + token,
	}
	standIn.apply()
	if got := inState(t, standIn, "terraform_data.chat")["input"]; got != service {
		t.Errorf("the stand-in has %v", got)
	}
	page.quotes(t, "JobSpecs", standIn.output("training_job"))
	standIn.plan(0)

	// The true resource, and the four lines of both provider blocks.
	stub := &alicloud{}
	withAlicloud := &workingDir{t: t, path: t.TempDir(), env: []string{
		endpoint, "TF_REATTACH_PROVIDERS=" + stub.serve(t),
		"TF_VAR_access_key=" + key, "TF_VAR_secret_key=" + secret, "TF_VAR_security_token=" + token,
	}}
	for _, file := range []string{"main.tf", "with-alicloud/service.tf"} {
		content, err := os.ReadFile(filepath.Join(standIn.path, file))
		if err != nil {
			t.Fatal(err)
		}
		withAlicloud.write(filepath.Base(file), string(content))
	}
	withAlicloud.run("init", "-no-color", "-input=false")
	withAlicloud.apply()
	chat := inState(t, withAlicloud, "alicloud_pai_service.chat")
	if chat["service_config"] != service || chat["workspace_id"] != "20455" {
		t.Errorf("the service has %v", chat)
	}
	if got := stub.signIn(); got != strings.Join([]string{"cn-hangzhou", key, secret, token}, " ") {
		t.Errorf("alicloud signs in with %q", got)
	}
	withAlicloud.plan(0)

	// With depends_on the plan shows nothing of a service that stays as it is.
	main := withAlicloud.edit("main.tf", "  version        = \"~> 0.14\"", "  version = \"~> 0.14\"\n  depends_on = [terraform_data.network]")
	withAlicloud.write("network.tf", "resource \"terraform_data\" \"network\" {\n}\n")
	wantOutput(t, withAlicloud.plan(2), "# alicloud_pai_service.chat will be updated in-place", ") -> (known after apply)")
	withAlicloud.write("main.tf", main)
	withAlicloud.write("network.tf", "")

	// A newer image that doesn't say how it is started is passed over, where it would fail the plan.
	vllm := func(version string, more ...paisandbox.Label) paisandbox.Image {
		return paisandbox.Official(eas+version+"-gpu", append(more, paisandbox.L("system.chipType", "GPU"),
			paisandbox.L("system.supported.eas", "true"), paisandbox.L("system.framework.vLLM", version))...)
	}
	sandbox.Put(vllm("0.16.0"))
	standIn.plan(0)
	withAlicloud.plan(0)
	main = standIn.edit("main.tf", "labels = { #", "labels = {} /*")
	standIn.edit("main.tf", "\"system.eas.default.script\" = \"*\"\n  }", "*/")
	wantOutput(t, standIn.plan(1), "Error: Invalid index", `data.pai_image.vllm.label_map["system.eas.default.port"]`)
	standIn.write("main.tf", main)

	// The next one that does changes the service.
	sandbox.Put(vllm("0.15.0", paisandbox.L("system.eas.default.port", "8080"), paisandbox.L("system.eas.default.script", "vllm serve")))
	page.quotes(t, "alicloud_pai_service.chat", withAlicloud.plan(2))
	withAlicloud.edit("service.tf", "= local.service_config\n", "= local.service_config\n  lifecycle {\n    ignore_changes = [service_config]\n  }\n")
	withAlicloud.plan(0)
	wantOutput(t, standIn.plan(2), "# terraform_data.chat will be updated in-place", "/pai-eas/vllm:0.15.0-gpu")
}

// inState is a resource of the state, by its address.
func inState(t *testing.T, dir *workingDir, address string) map[string]any {
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
	for _, resource := range state.Values.RootModule.Resources {
		if resource.Address == address {
			return resource.Values
		}
	}
	t.Fatalf("%s is not in the state", address)
	return nil
}

// alicloud plays the alicloud provider, which isn't downloaded here: it has the sign-in and the resource that the guide
// uses, with the types that their documents say, and nothing behind it.
type alicloud struct {
	mu     sync.Mutex
	signed []string
}

func (p *alicloud) signIn() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.signed, " ")
}

var alicloudSignIn = []string{"region", "access_key", "secret_key", "security_token"}

func (p *alicloud) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "alicloud"
}

func (p *alicloud) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema.Attributes = make(map[string]providerschema.Attribute)
	for _, name := range alicloudSignIn {
		resp.Schema.Attributes[name] = providerschema.StringAttribute{Optional: true}
	}
}

func (p *alicloud) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signed = nil
	for _, name := range alicloudSignIn {
		var value types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), &value)...)
		p.signed = append(p.signed, value.ValueString())
	}
}

func (p *alicloud) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *alicloud) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return alicloudService{} }}
}

// serve answers in this process, and gives what tells the CLI so.
func (p *alicloud) serve(t *testing.T) string {
	t.Helper()
	reattach, closed := channelOf(tf6server.WithDebug), make(chan struct{})
	go func() {
		if err := tf6server.Serve("aliyun/alicloud", providerserver.NewProtocol6(p),
			tf6server.WithDebug(t.Context(), reattach, closed), tf6server.WithLoggingSink(t)); err != nil {
			t.Error(err)
		}
	}()
	config := <-reattach
	t.Cleanup(func() { <-closed })
	said, err := json.Marshal(map[string]any{"aliyun/alicloud": map[string]any{
		"Protocol": config.Protocol, "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": config.Test,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

// channelOf makes the channel that an option takes, whose type is of a module that is needed for nothing else.
func channelOf[T any](func(context.Context, chan T, chan struct{}) tf6server.ServeOpt) chan T {
	return make(chan T)
}

// alicloudService is `alicloud_pai_service`.
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
