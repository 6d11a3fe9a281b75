package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// invalidURIs are arguments that parse_image_uri rejects, one for each kind of error.
var invalidURIs = []string{
	"", "x:1\n", "pai/x y", "https://pai/x:1", "pai//x", "/x", "pai/X:1", "pai/x:", "pai/x:a/b", "x@sha256:0", "x@",
	"x@md5:0",
}

// functionError calls parse_image_uri with the URI, and returns the section of the golden file with the error.
func functionError(t *testing.T, uri string) string {
	t.Helper()
	argument, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, uri))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := newTerraform(t).Server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{
		Name: "parse_image_uri", Arguments: []*tfprotov6.DynamicValue{&argument},
	})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error == nil || resp.Error.FunctionArgument == nil || *resp.Error.FunctionArgument != 0 {
		t.Fatalf("%+v, want an error on argument 0", resp.Error)
	}
	if quoted := fmt.Sprintf("%q", uri); !strings.Contains(resp.Error.Text, quoted) {
		t.Errorf("%s is not in %s", quoted, resp.Error.Text)
	}
	call := fmt.Sprintf("provider::pai::parse_image_uri(%q)", uri)
	return fmt.Sprintf("# function: %s\n\nError on the argument uri:\n\n%s", call, indented(resp.Error.Text))
}
