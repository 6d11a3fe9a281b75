package provider

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/url"
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
)

// FuzzProviderConfiguration configures the provider with a generated block, and with generated content of the files
// that the block names. It checks that:
//
//   - the provider neither panics nor sends a request
//   - diagnostics contain no secret (design rule 4)
//   - a second configuration has the same result (design rule 3)
//   - the environment does not change the result if the block sets a credential source
func FuzzProviderConfiguration(f *testing.F) {
	host, connections := countConnections(f)
	f.Setenv("HTTPS_PROXY", "http://"+host)
	f.Setenv("HOME", f.TempDir())
	directory := f.TempDir()
	shared := newTerraform(f)
	blockType := shared.Schemas.Provider.ValueType().(tftypes.Object)
	sensitive, valid := sensitiveArguments(shared.Schemas.Provider), validValues(host, directory)
	addSeeds(f, blockType)
	f.Fuzz(func(t *testing.T, bytes, file []byte, deferring bool) {
		if err := os.WriteFile(filepath.Join(directory, "file"), file, 0o600); err != nil {
			t.Fatal(err)
		}
		tf := *shared
		tf.T, tf.Deferring = t, deferring
		generator := &blockGenerator{bytes: bytes, sensitive: sensitive, valid: valid}
		block := generator.object(blockType)

		first := configureResult(&tf, block, generator.hasUnknown)
		if second := configureResult(&tf, block, generator.hasUnknown); !slices.Equal(first, second) {
			t.Errorf("%v: the second result differs (-first +second):\n%s", block, cmp.Diff(first, second))
		}
		for _, decoy := range providertest.Decoys(nil) {
			variable, value, _ := strings.Cut(decoy, "=")
			t.Setenv(variable, value)
		}
		// Only details and warnings may differ, because they contain the names of environment variables that are set.
		withDecoys := configureResult(&tf, block, generator.hasUnknown)
		if diff := cmp.Diff(firstLines(first), firstLines(withDecoys)); isComplete(block) && diff != "" {
			t.Errorf("%v: the environment changes the result (-without +with):\n%s", block, diff)
		}
		if n := connections.Load(); n != 0 {
			t.Errorf("%v: %d connections, want none", block, n)
		}
		// The server keeps the contexts of ended calls until StopProvider.
		_, err := tf.Server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
		tf.Must(err)
	})
}

// configureResult returns the diagnostics of a provider block. If there is no error, it also returns the options, and
// what the first read of a data source finds: the static keys, the endpoint and the diagnostics.
func configureResult(tf *terraform, block values, hasUnknown bool) []string {
	tf.T.Helper()
	var result []string
	failed := false
	for _, d := range tf.Configure(block) {
		text := fmt.Sprint(d.Severity, " ", d.Attribute, ": ", d.Summary, "\n", d.Detail)
		if strings.Contains(text, secretMark) {
			tf.T.Errorf("a diagnostic contains a secret: %s", text)
		}
		result = append(result, text)
		failed = failed || d.Severity == tfprotov6.DiagnosticSeverityError
	}
	slices.Sort(result) // the framework validates attributes in random order
	if failed || hasUnknown {
		return result
	}
	var (
		model providerModel
		diags diag.Diagnostics
	)
	config := &tfsdk.Config{Raw: tf.Raw(tf.Schemas.Provider, block), Schema: providerSchema()}
	diags.Append(config.Get(context.Background(), &model)...)
	c := model.connector(context.Background(), "", &diags)
	options := model.options(&diags)
	if diags.HasError() || options.MaxConcurrency < 1 || options.MaxRetries < 0 || options.RequestTimeout <= 0 {
		tf.T.Errorf("%v is accepted, but its options are %+v with errors %v", block, options, diags)
	}
	signedIn, diags := c.signIn()
	var endpoint *url.URL
	if signedIn != nil {
		endpoint, _ = c.resolve("", signedIn.credentials, &diags)
		if keys, ok := signedIn.credentials.Credentials.(paiclient.StaticCredentials); ok {
			result = append(result, fmt.Sprintf("%+v", keys))
		}
	}
	if diags.HasError() == (endpoint != nil) {
		tf.T.Errorf("%v: got the endpoint %v with errors %v", block, endpoint, diags)
	}
	for _, d := range diags {
		text := fmt.Sprint("read: ", d.Severity(), ": ", d.Summary(), "\n", d.Detail())
		if strings.Contains(text, secretMark) {
			tf.T.Errorf("a diagnostic contains a secret: %s", text)
		}
		result = append(result, text)
	}
	return append(result, fmt.Sprint(endpoint, options.MaxRetries, options.MaxConcurrency, options.RequestTimeout))
}

// firstLines returns the result without details and warnings.
func firstLines(texts []string) []string {
	var lines []string
	for _, text := range texts {
		if line, _, _ := strings.Cut(text, "\n"); !strings.HasPrefix(line, "read: Warning") {
			lines = append(lines, line)
		}
	}
	return lines
}

// isComplete reports whether the block sets a credential source and a role that variables can't complete.
func isComplete(block values) bool {
	sets := func(v values, names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			value, ok := v[name].(string)
			return !ok || strings.TrimSpace(value) == ""
		})
	}
	if role, ok := block["assume_role"].(map[string]any); ok && role["role_arn"] == nil {
		return false
	}
	oidc, _ := block["assume_role_with_oidc"].(map[string]any)
	return sets(block, "access_key", "secret_key") || sets(block, "profile", "shared_credentials_file") ||
		sets(block, "credentials_uri") || sets(block, "ecs_role_name") ||
		sets(oidc, "oidc_provider_arn", "role_arn") && (sets(oidc, "oidc_token") || sets(oidc, "oidc_token_file"))
}

// countConnections starts a server to which all requests are routed. It returns the server's host, and a counter of the
// connections to it.
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

// addSeeds adds blocks with one argument that is valid, random or unknown, each with and without keys. It also adds
// some blocks with all arguments of a credential source.
func addSeeds(f *testing.F, blockType tftypes.Object) {
	f.Helper()
	files := []string{
		`{"current":"dev","profiles":[{"name":"dev","mode":"AK","access_key_id":"i","access_key_secret":"s",` +
			`"region_id":"cn-beijing"}]}`,
		"[default]\ntype=access_key\naccess_key_id=i\naccess_key_secret=s\n",
	}
	add := func(arguments map[string]string) {
		for _, file := range files {
			f.Add([]byte(blockBytes(blockType, "", arguments)), []byte(file), false)
		}
		f.Add([]byte(blockBytes(blockType, "", arguments)), []byte{}, true)
	}
	keys := map[string]string{"access_key": generateValid, "secret_key": generateValid, "region": generateValid}
	add(nil)
	add(keys)
	for _, name := range slices.Sorted(maps.Keys(blockType.AttributeTypes)) {
		for _, bytes := range []string{generateValid, generateAny + "\x00 \nx", generateUnknown} {
			arguments := map[string]string{"region": generateValid, name: bytes}
			if nested, ok := blockType.AttributeTypes[name].(tftypes.Object); ok {
				for member := range nested.AttributeTypes {
					arguments[name+"."+member] = bytes
				}
				arguments[name] = generateValid
			}
			add(arguments)
			maps.Copy(arguments, keys)
			add(arguments)
		}
	}
	add(map[string]string{
		"region": generateValid, "assume_role": generateValid, "assume_role.role_arn": generateValid,
		"assume_role_with_oidc": generateValid, "assume_role_with_oidc.oidc_provider_arn": generateValid,
		"assume_role_with_oidc.role_arn": generateValid, "assume_role_with_oidc.oidc_token": generateValid,
		"max_retries": generateValid + "\x07", "max_concurrency": generateValid + "\x07",
	})
}
