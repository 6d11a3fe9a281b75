package wirestate

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// toy is a provider with one data source, toy_names, that reads as a test says.
type toy struct {
	read func(context.Context, datasource.ReadRequest, *datasource.ReadResponse)
}

var toyType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"filter": tftypes.String, "names": tftypes.List{ElementType: tftypes.String}, "total": tftypes.Number,
}}

func (toy) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "toy"
}
func (toy) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (toy) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (toy) Resources(context.Context) []func() resource.Resource                              { return nil }

func (p toy) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return toyNames(p) }}
}

type toyNames struct {
	read func(context.Context, datasource.ReadRequest, *datasource.ReadResponse)
}

func (toyNames) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "toy_names"
}

func (toyNames) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"filter": schema.StringAttribute{Optional: true},
		"names":  schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"total":  schema.NumberAttribute{Computed: true},
	}}
}

func (d toyNames) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	d.read(ctx, req, resp)
}

func serve(read func(context.Context, datasource.ReadRequest, *datasource.ReadResponse)) tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(toy{read})()
}

// keep sets the state to the arguments and a total, with the names null.
func keep(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) error {
	if diags := resp.State.SetAttribute(ctx, path.Root("total"), types.NumberValue(seven)); diags.HasError() {
		return errors.New(diags[0].Detail())
	}
	return nil
}

// stringsOf is the value of a list of strings.
func stringsOf(texts []string) Value {
	return List(texts, EncodeString)
}

func readToy(t *testing.T, server tfprotov6.ProviderServer, filter string) (*tfprotov6.ReadDataSourceResponse, error) {
	t.Helper()
	config, err := tfprotov6.NewDynamicValue(toyType, tftypes.NewValue(toyType, map[string]tftypes.Value{
		"filter": tftypes.NewValue(tftypes.String, filter),
		"names":  tftypes.NewValue(toyType.AttributeTypes["names"], nil),
		"total":  tftypes.NewValue(tftypes.Number, nil),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: "toy_names", Config: &config,
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: true},
	})
}

func said(diagnostics []*tfprotov6.Diagnostic) []string {
	var texts []string
	for _, d := range diagnostics {
		texts = append(texts, fmt.Sprintf("%s %s: %s", d.Severity, d.Summary, d.Detail))
	}
	return texts
}
