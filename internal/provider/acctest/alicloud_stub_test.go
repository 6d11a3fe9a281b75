package acctest

import (
	"context"
	"encoding/json"
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
)

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
