package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestEmptyArguments sets each string argument to "" or to whitespace. The provider must treat it as unset.
func TestEmptyArguments(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	for argument, attribute := range providerArguments(t) {
		if !attribute.GetType().Equal(types.StringType) {
			continue
		}
		for _, value := range []string{"", " \n"} {
			block := providertest.SignedIn(sandbox)
			name, member, _ := strings.Cut(argument, ".")
			switch name {
			case "access_key", "secret_key", "endpoint": // the test needs their values
				block = values{"region": "cn-hangzhou", name: value}
			case "assume_role":
				block[name] = map[string]any{"role_arn": "", member: value}
			case "assume_role_with_oidc":
				block = values{"region": "cn-hangzhou", name: map[string]any{member: value}}
			default:
				block[name] = value
			}
			tf := newTerraform(t)
			if diags := tf.Configure(block); len(diags) > 0 {
				t.Errorf("%s = %q: %s: %s", argument, value, diags[0].Summary, diags[0].Detail)
				continue
			}
			if block["secret_key"] == paisandbox.DefaultAccessKeySecret {
				providertest.WantNone(t, tf.Read(t.Context(), values{}).Diagnostics)
			}
		}
	}
}
