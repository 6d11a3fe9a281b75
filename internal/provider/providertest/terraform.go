// Package providertest runs the provider in the process of a test.
package providertest

import (
	"context"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// Values maps the arguments of a block to their values. An argument that is not in the map is null.
type Values map[string]any

// Unknown is a value that Terraform doesn't know before apply.
type Unknown struct{}

// Terraform replaces the Terraform CLI in tests. It calls the provider's server directly. Unlike the CLI, it returns
// the path of every diagnostic, and the state as the server encoded it.
type Terraform struct {
	T          testing.TB
	Server     tfprotov6.ProviderServer
	Schemas    *tfprotov6.GetProviderSchemaResponse
	DataSource string // name of the data source that Validate and Read use
	Deferring  bool   // Terraform allows the provider to defer reads
}

// New returns a Terraform that calls the server and reads pai_images.
func New(tb testing.TB, server tfprotov6.ProviderServer) *Terraform {
	tb.Helper()
	schemas, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	return &Terraform{T: tb, Server: server, Schemas: schemas, DataSource: "pai_images"}
}

// NewSignedIn returns a Terraform that reads the data source, and whose provider sends requests to the sandbox.
func NewSignedIn(
	tb testing.TB, server tfprotov6.ProviderServer, sandbox *paisandbox.Sandbox, dataSource string,
) *Terraform {
	tb.Helper()
	tf := New(tb, server)
	tf.DataSource = dataSource
	WantNone(tb, tf.Configure(SignedIn(sandbox)))
	return tf
}

// Configure validates a provider block, configures the provider if the block is valid, and returns the diagnostics.
func (tf *Terraform) Configure(block Values) []*tfprotov6.Diagnostic {
	tf.T.Helper()
	config := tf.Encode(tf.Schemas.Provider, block)
	validated, err := tf.Server.ValidateProviderConfig(tf.T.Context(),
		&tfprotov6.ValidateProviderConfigRequest{Config: config})
	tf.Must(err)
	if len(validated.Diagnostics) > 0 {
		return validated.Diagnostics
	}
	configured, err := tf.Server.ConfigureProvider(tf.T.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: config, TerraformVersion: "1.11.4",
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: tf.Deferring},
	})
	tf.Must(err)
	return configured.Diagnostics
}

// Validate validates a block of the data source, and returns the diagnostics.
func (tf *Terraform) Validate(ctx context.Context, block Values) []*tfprotov6.Diagnostic {
	tf.T.Helper()
	validated, err := tf.Server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: tf.DataSource, Config: tf.Encode(tf.Schemas.DataSourceSchemas[tf.DataSource], block),
	})
	tf.Must(err)
	return validated.Diagnostics
}

// Read validates a block of the data source and reads the data source. If the validation returns diagnostics, Read
// returns only these.
func (tf *Terraform) Read(ctx context.Context, block Values) *tfprotov6.ReadDataSourceResponse {
	tf.T.Helper()
	if diagnostics := tf.Validate(ctx, block); len(diagnostics) > 0 {
		return &tfprotov6.ReadDataSourceResponse{Diagnostics: diagnostics}
	}
	read, err := tf.Server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: tf.DataSource, Config: tf.Encode(tf.Schemas.DataSourceSchemas[tf.DataSource], block),
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: tf.Deferring},
	})
	tf.Must(err)
	return read
}

// State reads the data source and returns its state. It stops the test if there is a diagnostic.
func (tf *Terraform) State(block Values) map[string]any {
	tf.T.Helper()
	read := tf.Read(tf.T.Context(), block)
	for _, diagnostic := range read.Diagnostics {
		tf.T.Fatalf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	return tf.Decode(read)
}

// Decode returns the state in the response of Read as Go values: nil, string, bool, int64, []any and map[string]any.
func (tf *Terraform) Decode(read *tfprotov6.ReadDataSourceResponse) map[string]any {
	tf.T.Helper()
	return goValue(tf.T, tf.DecodeRaw(read)).(map[string]any)
}

// DecodeRaw returns the state in the response of Read.
func (tf *Terraform) DecodeRaw(read *tfprotov6.ReadDataSourceResponse) tftypes.Value {
	tf.T.Helper()
	state, err := read.State.Unmarshal(tf.Schemas.DataSourceSchemas[tf.DataSource].ValueType())
	tf.Must(err)
	return state
}

// Must stops the test if err is not nil.
func (tf *Terraform) Must(err error) {
	tf.T.Helper()
	if err != nil {
		tf.T.Fatal(err)
	}
}

// Encode returns the block as an encoded value of the schema's type.
func (tf *Terraform) Encode(schema *tfprotov6.Schema, block Values) *tfprotov6.DynamicValue {
	tf.T.Helper()
	encoded, err := tfprotov6.NewDynamicValue(schema.ValueType(), tf.Raw(schema, block))
	tf.Must(err)
	return &encoded
}

// Raw returns the block as a value of the schema's type, which is not encoded.
func (tf *Terraform) Raw(schema *tfprotov6.Schema, block Values) tftypes.Value {
	tf.T.Helper()
	return newValue(tf.T, schema.ValueType(), map[string]any(block))
}

// newValue converts a Go value to a value of the type. Missing and nil members of an object are null.
func newValue(tb testing.TB, valueType tftypes.Type, value any) tftypes.Value {
	tb.Helper()
	switch v := value.(type) {
	case Unknown:
		return tftypes.NewValue(valueType, tftypes.UnknownValue)
	case int:
		return tftypes.NewValue(valueType, int64(v))
	case []any:
		elementType := tftypes.Type(tftypes.String) // the element type of all lists and sets in arguments
		elements := make([]tftypes.Value, len(v))
		for i := range v {
			elements[i] = newValue(tb, elementType, v[i])
		}
		return tftypes.NewValue(valueType, elements)
	case map[string]any:
		members := make(map[string]tftypes.Value)
		object, isObject := valueType.(tftypes.Object)
		for name, memberType := range object.AttributeTypes {
			members[name] = newValue(tb, memberType, v[name])
		}
		for name := range v {
			switch _, ok := object.AttributeTypes[name]; {
			case !isObject:
				members[name] = newValue(tb, valueType.(tftypes.Map).ElementType, v[name])
			case !ok:
				tb.Fatalf("the schema has no attribute %s", name)
			}
		}
		return tftypes.NewValue(valueType, members)
	}
	return tftypes.NewValue(valueType, value)
}

// goValue converts a value to nil, string, bool, int64, []any or map[string]any.
func goValue(tb testing.TB, value tftypes.Value) any {
	tb.Helper()
	if value.IsNull() {
		return nil
	}
	switch valueType := value.Type(); {
	case valueType.Is(tftypes.String):
		return as[string](tb, value)
	case valueType.Is(tftypes.Bool):
		return as[bool](tb, value)
	case valueType.Is(tftypes.Number):
		integer, _ := as[*big.Float](tb, value).Int64()
		return integer
	case valueType.Is(tftypes.List{}), valueType.Is(tftypes.Set{}):
		list := []any{}
		for _, element := range as[[]tftypes.Value](tb, value) {
			list = append(list, goValue(tb, element))
		}
		return list
	}
	object := make(map[string]any)
	for name, member := range as[map[string]tftypes.Value](tb, value) {
		object[name] = goValue(tb, member)
	}
	return object
}

func as[T any](tb testing.TB, value tftypes.Value) T {
	tb.Helper()
	var v T
	if err := value.As(&v); err != nil {
		tb.Fatal(err)
	}
	return v
}
