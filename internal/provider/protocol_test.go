package provider

import (
	"context"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// values are the arguments of a block, by name. What isn't there is null.
type values map[string]any

// unknown is a value that isn't known yet.
type unknown struct{}

// terraform plays Terraform's part of the protocol against the provider in this process. Unlike the CLI it shows the
// path of every diagnostic, and state as it is on the wire.
type terraform struct {
	t         testing.TB
	server    tfprotov6.ProviderServer
	schemas   *tfprotov6.GetProviderSchemaResponse
	lookup    string // the data source that is read
	deferring bool
}

func newTerraform(tb testing.TB) *terraform {
	tb.Helper()
	return newTerraformOf(tb, NewServer("1.2.3", "0a1b2c3")())
}

func newTerraformOf(tb testing.TB, server tfprotov6.ProviderServer) *terraform {
	tb.Helper()
	schemas, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	return &terraform{t: tb, server: server, schemas: schemas, lookup: "pai_images"}
}

// configure does what Terraform does with a provider block: validate, and configure if it is valid.
func (tf *terraform) configure(block values) []*tfprotov6.Diagnostic {
	tf.t.Helper()
	config := tf.encode(tf.schemas.Provider, block)
	validated, err := tf.server.ValidateProviderConfig(tf.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	tf.must(err)
	if len(validated.Diagnostics) > 0 {
		return validated.Diagnostics
	}
	configured, err := tf.server.ConfigureProvider(tf.t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: config, TerraformVersion: "1.11.4",
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: tf.deferring},
	})
	tf.must(err)
	return configured.Diagnostics
}

// validate does what Terraform does with a data block before it knows every value.
func (tf *terraform) validate(ctx context.Context, block values) []*tfprotov6.Diagnostic {
	tf.t.Helper()
	validated, err := tf.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: tf.lookup, Config: tf.encode(tf.schemas.DataSourceSchemas[tf.lookup], block),
	})
	tf.must(err)
	return validated.Diagnostics
}

// read validates and reads the data source.
func (tf *terraform) read(ctx context.Context, block values) *tfprotov6.ReadDataSourceResponse {
	tf.t.Helper()
	if diagnostics := tf.validate(ctx, block); len(diagnostics) > 0 {
		return &tfprotov6.ReadDataSourceResponse{Diagnostics: diagnostics}
	}
	read, err := tf.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: tf.lookup, Config: tf.encode(tf.schemas.DataSourceSchemas[tf.lookup], block),
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: tf.deferring},
	})
	tf.must(err)
	return read
}

// state reads the data source, which must succeed, and gives its state.
func (tf *terraform) state(block values) map[string]any {
	tf.t.Helper()
	read := tf.read(tf.t.Context(), block)
	for _, diagnostic := range read.Diagnostics {
		tf.t.Fatalf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	state, err := read.State.Unmarshal(tf.schemas.DataSourceSchemas[tf.lookup].ValueType())
	tf.must(err)
	return plain(tf.t, state).(map[string]any)
}

func (tf *terraform) must(err error) {
	tf.t.Helper()
	if err != nil {
		tf.t.Fatal(err)
	}
}

func (tf *terraform) encode(schema *tfprotov6.Schema, block values) *tfprotov6.DynamicValue {
	tf.t.Helper()
	of := schema.ValueType()
	encoded, err := tfprotov6.NewDynamicValue(of, typed(tf.t, of, map[string]any(block)))
	tf.must(err)
	return &encoded
}

// typed turns Go's values into Terraform's, of the schema's type.
func typed(tb testing.TB, of tftypes.Type, value any) tftypes.Value {
	tb.Helper()
	switch v := value.(type) {
	case nil:
		return tftypes.NewValue(of, nil)
	case unknown:
		return tftypes.NewValue(of, tftypes.UnknownValue)
	case int:
		return tftypes.NewValue(of, int64(v))
	case []any:
		var elementType tftypes.Type
		switch collection := of.(type) {
		case tftypes.Set:
			elementType = collection.ElementType
		case tftypes.List:
			elementType = collection.ElementType
		}
		elements := make([]tftypes.Value, len(v))
		for i := range v {
			elements[i] = typed(tb, elementType, v[i])
		}
		return tftypes.NewValue(of, elements)
	case map[string]any:
		fields := make(map[string]tftypes.Value)
		if object, is := of.(tftypes.Object); is {
			for name, fieldType := range object.AttributeTypes {
				fields[name] = typed(tb, fieldType, v[name])
			}
			for name := range v {
				if _, is := object.AttributeTypes[name]; !is {
					tb.Fatalf("the schema has no %s", name)
				}
			}
			return tftypes.NewValue(of, fields)
		}
		for key := range v {
			fields[key] = typed(tb, of.(tftypes.Map).ElementType, v[key])
		}
		return tftypes.NewValue(of, fields)
	}
	return tftypes.NewValue(of, value)
}

// plain turns Terraform's values into Go's: nil, string, bool, int64, []any and map[string]any.
func plain(tb testing.TB, value tftypes.Value) any {
	tb.Helper()
	if value.IsNull() {
		return nil
	}
	switch {
	case value.Type().Is(tftypes.String):
		return as[string](tb, value)
	case value.Type().Is(tftypes.Bool):
		return as[bool](tb, value)
	case value.Type().Is(tftypes.Number):
		whole, _ := as[*big.Float](tb, value).Int64()
		return whole
	case value.Type().Is(tftypes.List{}), value.Type().Is(tftypes.Set{}):
		list := []any{}
		for _, element := range as[[]tftypes.Value](tb, value) {
			list = append(list, plain(tb, element))
		}
		return list
	}
	object := make(map[string]any)
	for name, field := range as[map[string]tftypes.Value](tb, value) {
		object[name] = plain(tb, field)
	}
	return object
}

func as[T any](tb testing.TB, value tftypes.Value) T {
	tb.Helper()
	var is T
	if err := value.As(&is); err != nil {
		tb.Fatal(err)
	}
	return is
}
