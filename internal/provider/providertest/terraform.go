// Package providertest drives the provider in process, for tests.
package providertest

import (
	"context"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Values are the arguments of a block, by name. What isn't there is null.
type Values map[string]any

// Unknown is a value that isn't known yet.
type Unknown struct{}

// Terraform plays Terraform's part of the protocol against the provider in this process. Unlike the CLI it shows the
// path of every diagnostic, and state as it is on the wire.
type Terraform struct {
	T          testing.TB
	Server     tfprotov6.ProviderServer
	Schemas    *tfprotov6.GetProviderSchemaResponse
	DataSource string // that is read
	Deferring  bool   // supports deferred reads
}

// New returns a Terraform that talks to the server and reads pai_images.
func New(tb testing.TB, server tfprotov6.ProviderServer) *Terraform {
	tb.Helper()
	schemas, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	return &Terraform{T: tb, Server: server, Schemas: schemas, DataSource: "pai_images"}
}

// Configure does what Terraform does with a provider block: validate, and configure if it is valid.
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

// Validate does what Terraform does with a data block before it knows every value.
func (tf *Terraform) Validate(ctx context.Context, block Values) []*tfprotov6.Diagnostic {
	tf.T.Helper()
	validated, err := tf.Server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: tf.DataSource, Config: tf.Encode(tf.Schemas.DataSourceSchemas[tf.DataSource], block),
	})
	tf.Must(err)
	return validated.Diagnostics
}

// Read validates and reads the data source.
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

// State reads the data source, which must succeed, and gives its state.
func (tf *Terraform) State(block Values) map[string]any {
	tf.T.Helper()
	read := tf.Read(tf.T.Context(), block)
	for _, diagnostic := range read.Diagnostics {
		tf.T.Fatalf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	return tf.Decode(read)
}

// Decode returns the state of a read as Go values: nil, string, bool, int64, []any and map[string]any.
func (tf *Terraform) Decode(read *tfprotov6.ReadDataSourceResponse) map[string]any {
	tf.T.Helper()
	return goValue(tf.T, tf.DecodeRaw(read)).(map[string]any)
}

// DecodeRaw returns the state of a read.
func (tf *Terraform) DecodeRaw(read *tfprotov6.ReadDataSourceResponse) tftypes.Value {
	tf.T.Helper()
	state, err := read.State.Unmarshal(tf.Schemas.DataSourceSchemas[tf.DataSource].ValueType())
	tf.Must(err)
	return state
}

// Must fails the test if there is an error.
func (tf *Terraform) Must(err error) {
	tf.T.Helper()
	if err != nil {
		tf.T.Fatal(err)
	}
}

// Encode returns the block as a value of the schema.
func (tf *Terraform) Encode(schema *tfprotov6.Schema, block Values) *tfprotov6.DynamicValue {
	tf.T.Helper()
	encoded, err := tfprotov6.NewDynamicValue(schema.ValueType(), tf.Raw(schema, block))
	tf.Must(err)
	return &encoded
}

// Raw returns the block as a value of the schema's type.
func (tf *Terraform) Raw(schema *tfprotov6.Schema, block Values) tftypes.Value {
	tf.T.Helper()
	return newValue(tf.T, schema.ValueType(), map[string]any(block))
}

// newValue returns a Go value as a value of the type. A nil member of an object is null.
func newValue(tb testing.TB, valueType tftypes.Type, value any) tftypes.Value {
	tb.Helper()
	switch v := value.(type) {
	case Unknown:
		return tftypes.NewValue(valueType, tftypes.UnknownValue)
	case int:
		return tftypes.NewValue(valueType, int64(v))
	case []any:
		elementType := tftypes.Type(tftypes.String) // of all lists and sets in the schemas
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

// goValue returns a value as nil, string, bool, int64, []any or map[string]any.
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
