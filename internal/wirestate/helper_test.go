package wirestate

import (
	"bytes"
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
	"github.com/vmihailenco/msgpack/v5"
)

type readFunc = func(context.Context, datasource.ReadRequest, *datasource.ReadResponse)

// toyProvider is a provider with one data source, toy_names, whose Read calls the field read.
type toyProvider struct {
	read readFunc
}

var toyType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"filter": tftypes.String, "names": tftypes.List{ElementType: tftypes.String}, "total": tftypes.Number,
}}

func (toyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "toy"
}

func (toyProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (toyProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (toyProvider) Resources(context.Context) []func() resource.Resource { return nil }

func (p toyProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return toyNames(p) }}
}

type toyNames struct {
	read readFunc
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

func newToyServer(read readFunc) tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(toyProvider{read})()
}

// setTotal sets the attribute total, and leaves names null.
func setTotal(ctx context.Context, resp *datasource.ReadResponse) error {
	if diags := resp.State.SetAttribute(ctx, path.Root("total"), types.NumberValue(seven)); diags.HasError() {
		return errors.New(diags[0].Detail())
	}
	return nil
}

func stringList(elements []string) EncodeFunc {
	return ListEncoder(elements, EncodeString)
}

func readToyNames(
	t *testing.T, server tfprotov6.ProviderServer, filter string,
) (*tfprotov6.ReadDataSourceResponse, error) {
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

// toyState returns a state with the filter, the names and the total that setTotal sets. If the argument names is not a
// []string, the attribute names is null.
func toyState(filter string, names any) tftypes.Value {
	list := tftypes.NewValue(toyType.AttributeTypes["names"], nil)
	if names, ok := names.([]string); ok {
		elements := make([]tftypes.Value, len(names))
		for i, name := range names {
			elements[i] = tftypes.NewValue(tftypes.String, name)
		}
		list = tftypes.NewValue(toyType.AttributeTypes["names"], elements)
	}
	return tftypes.NewValue(toyType, map[string]tftypes.Value{
		"filter": tftypes.NewValue(tftypes.String, filter), "names": list, "total": tftypes.NewValue(tftypes.Number, 7),
	})
}

func formatDiagnostics(diagnostics []*tfprotov6.Diagnostic) []string {
	var formatted []string
	for _, d := range diagnostics {
		formatted = append(formatted, fmt.Sprintf("%s %s: %s", d.Severity, d.Summary, d.Detail))
	}
	return formatted
}

func encodeValue(t *testing.T, value EncodeFunc) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := value(msgpack.NewEncoder(&buf)); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
