package provider

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// FuzzProviderConfiguration plays Terraform with any provider block, and any file that it names: nothing panics,
// nothing is sent, no secret is told, the same is said at every time, and where the block says who signs in, the
// environment doesn't.
func FuzzProviderConfiguration(f *testing.F) {
	host, connections := countConnections(f)
	f.Setenv("HTTPS_PROXY", "http://"+host)
	f.Setenv("HOME", f.TempDir())
	folder := f.TempDir()
	shared := newTerraform(f)
	blocks := shared.Schemas.Provider.ValueType().(tftypes.Object)
	secrets, usual := secretsOf(shared.Schemas.Provider), usualValues(host, folder)
	addBlocks(f, blocks)
	f.Fuzz(func(t *testing.T, bytes, file []byte, deferring bool) {
		if err := os.WriteFile(filepath.Join(folder, "file"), file, 0o600); err != nil {
			t.Fatal(err)
		}
		tf := *shared
		tf.T, tf.Deferring = t, deferring
		drawn := &drawing{bytes: bytes, secrets: secrets, usual: usual}
		block := drawn.object(blocks)

		alone := outcome(&tf, block, drawn.unknown)
		if again := outcome(&tf, block, drawn.unknown); !slices.Equal(alone, again) {
			t.Errorf("%v:\n%s", block, cmp.Diff(alone, again))
		}
		for _, name := range providertest.Decoys(nil) {
			variable, value, _ := strings.Cut(name, "=")
			t.Setenv(variable, value)
		}
		// What a block lacks may be there in a variable that has no part in it, and the error may name that.
		surrounded := outcome(&tf, block, drawn.unknown)
		if diff := cmp.Diff(firstLines(alone), firstLines(surrounded)); namesWay(block) && diff != "" {
			t.Errorf("%v is another block among decoys:\n%s", block, diff)
		}
		if sent := connections.Load(); sent != 0 {
			t.Errorf("%v: %d connections were made", block, sent)
		}
		// Contexts of calls that have ended are kept until then.
		_, err := tf.Server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
		tf.Must(err)
	})
}

// outcome is what Terraform hears of a block, and the keys that it leads to where they are fixed.
func outcome(tf *terraform, block values, unknown bool) []string {
	tf.T.Helper()
	var said []string
	failed := false
	for _, diagnostic := range tf.Configure(block) {
		text := fmt.Sprint(diagnostic.Severity, " ", diagnostic.Attribute, ": ", diagnostic.Summary, "\n", diagnostic.Detail)
		if strings.Contains(text, secretMark) {
			tf.T.Errorf("a secret is told: %s", text)
		}
		said = append(said, text)
		failed = failed || diagnostic.Severity == tfprotov6.DiagnosticSeverityError
	}
	slices.Sort(said) // attributes are looked at in no order
	if failed || unknown {
		return said
	}
	raw := tf.Raw(tf.Schemas.Provider, block)
	var (
		model providerModel
		diags diag.Diagnostics
	)
	diags.Append((&tfsdk.Config{Raw: raw, Schema: providerSchema()}).Get(context.Background(), &model)...)
	options := model.options(context.Background(), &diags)
	if diags.HasError() || options.Endpoint == nil || options.MaxConcurrency < 1 || options.MaxRetries < 0 || options.RequestTimeout <= 0 {
		tf.T.Errorf("%v was taken, and makes %+v, %v", block, options, diags)
	}
	if keys, fixed := options.Credentials.(paiclient.StaticCredentials); fixed {
		said = append(said, fmt.Sprintf("%+v", keys))
	}
	return append(said, fmt.Sprint(options.Endpoint, options.MaxRetries, options.MaxConcurrency, options.RequestTimeout))
}

// firstLines leave the details of diagnostics away.
func firstLines(texts []string) []string {
	lines := make([]string, len(texts))
	for i, text := range texts {
		lines[i], _, _ = strings.Cut(text, "\n")
	}
	return lines
}

// namesWay says that the block itself says who signs in.
func namesWay(block values) bool {
	for _, source := range signin.Sources {
		if slices.ContainsFunc(source.Arguments, func(name string) bool { return block[name] != nil }) {
			return true
		}
	}
	return false
}

// countConnections stands where everything leads to that is sent.
func countConnections(f *testing.F) (host string, count *atomic.Int64) {
	f.Helper()
	listener, err := new(net.ListenConfig).Listen(f.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = listener.Close() })
	count = new(atomic.Int64)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			_ = connection.Close()
		}
	}()
	return listener.Addr().String(), count
}

// addBlocks starts the fuzzer with a block of each argument alone, usual, odd and unknown, and with some whole ones.
func addBlocks(f *testing.F, of tftypes.Object) {
	f.Helper()
	files := []string{
		`{"current":"dev","profiles":[{"name":"dev","mode":"AK","access_key_id":"i","access_key_secret":"s","region_id":"cn-beijing"}]}`,
		"[default]\ntype=access_key\naccess_key_id=i\naccess_key_secret=s\n",
	}
	add := func(arguments map[string]string) {
		for _, file := range files {
			f.Add([]byte(drawn(of, "", arguments)), []byte(file), false)
		}
		f.Add([]byte(drawn(of, "", arguments)), []byte{}, true)
	}
	keys := map[string]string{"access_key": drawUsual, "secret_key": drawUsual, "region": drawUsual}
	add(nil)
	add(keys)
	for _, name := range slices.Sorted(maps.Keys(of.AttributeTypes)) {
		for _, said := range []string{drawUsual, drawOdd + "\x00 \nx", drawUnknown} {
			arguments := map[string]string{"region": drawUsual, name: said}
			if nested, is := of.AttributeTypes[name].(tftypes.Object); is {
				for member := range nested.AttributeTypes {
					arguments[name+"."+member] = said
				}
				arguments[name] = drawUsual
			}
			add(arguments)
			maps.Copy(arguments, keys)
			add(arguments)
		}
	}
	add(map[string]string{
		"region": drawUsual, "assume_role_with_oidc": drawUsual, "assume_role_with_oidc.oidc_provider_arn": drawUsual,
		"assume_role_with_oidc.role_arn": drawUsual, "assume_role_with_oidc.oidc_token": drawUsual,
		"assume_role": drawUsual, "assume_role.role_arn": drawUsual, "max_retries": drawUsual + "\x07", "max_concurrency": drawUsual + "\x07",
	})
}
