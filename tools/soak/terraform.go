package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"

	"terraform.local/pai/terraform-provider-pai/internal/provider"
)

// terraform plays Terraform's part of the protocol against the provider in this process.
type terraform struct {
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

// object is a block or an image: arguments or attributes by name.
type object = map[string]any

// answer is what a data source was read as. Without state there is an error among the diagnostics.
type answer struct {
	state    object
	errors   []*tfprotov6.Diagnostic
	warnings []string // their summaries
}

func configured(ctx context.Context, block object) (*terraform, error) {
	tf := &terraform{server: provider.NewServer("soak", "")()}
	var err error
	if tf.schemas, err = tf.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		return nil, err
	}
	config, err := encode(tf.schemas.Provider, block)
	if err != nil {
		return nil, err
	}
	got, err := tf.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config, TerraformVersion: "1.11.4"})
	if err != nil {
		return nil, err
	}
	for _, diagnostic := range got.Diagnostics {
		return nil, fmt.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	return tf, nil
}

// read validates a data source's block and reads it.
func (tf *terraform) read(ctx context.Context, source string, block object) (*answer, error) {
	config, err := encode(tf.schemas.DataSourceSchemas[source], block)
	if err != nil {
		return nil, err
	}
	valid, err := tf.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: source, Config: config})
	if err != nil {
		return nil, err
	}
	got, err := tf.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: source, Config: config})
	if err != nil {
		return nil, err
	}
	a := &answer{}
	for _, diagnostic := range append(valid.Diagnostics, got.Diagnostics...) {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			a.errors = append(a.errors, diagnostic)
			continue
		}
		a.warnings = append(a.warnings, diagnostic.Summary)
	}
	if len(a.errors) > 0 {
		return a, nil
	}
	decoder := msgpack.NewDecoder(bytes.NewReader(got.State.MsgPack))
	decoder.UseLooseInterfaceDecoding(true)
	if err := decoder.Decode(&a.state); err != nil {
		return nil, fmt.Errorf("the state of %s is no MessagePack: %w", source, err)
	}
	return a, nil
}

// stop is what Terraform does at Ctrl-C. It has the framework forget the context of every request, which it keeps till then.
func (tf *terraform) stop(ctx context.Context) error {
	_, err := tf.server.StopProvider(ctx, &tfprotov6.StopProviderRequest{})
	return err
}

// encode makes of a block the whole object that the schema describes: what it doesn't have is null.
func encode(schema *tfprotov6.Schema, block object) (*tfprotov6.DynamicValue, error) {
	whole := make(object)
	for _, attribute := range schema.Block.Attributes {
		whole[attribute.Name] = block[attribute.Name]
	}
	for _, nested := range schema.Block.BlockTypes { // single ones only
		whole[nested.TypeName] = block[nested.TypeName]
	}
	for name := range block {
		if _, is := whole[name]; !is {
			return nil, fmt.Errorf("the schema has no %s", name)
		}
	}
	encoded, err := msgpack.Marshal(whole)
	return &tfprotov6.DynamicValue{MsgPack: encoded}, err
}

// said is what errors tell the user.
func said(diagnostics []*tfprotov6.Diagnostic) string {
	var text strings.Builder
	for _, diagnostic := range diagnostics {
		fmt.Fprintf(&text, "%s: %s\n", diagnostic.Summary, diagnostic.Detail)
	}
	return text.String()
}
