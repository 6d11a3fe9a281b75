package functions

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// partNames are the names of the parts of an image URI, in the order of the table in the documentation.
var partNames = []string{"registry", "region", "network", "namespace", "repository", "tag", "digest"}

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// parseImageURI calls the function with the URI, as the framework does.
func parseImageURI(t *testing.T, uri string) (attr.Value, *function.FuncError) {
	t.Helper()
	resp := function.RunResponse{Result: function.NewResultData(types.ObjectUnknown(imageURIPartTypes()))}
	NewParseImageURI().Run(t.Context(), function.RunRequest{
		Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(uri)}),
	}, &resp)
	return resp.Result.Value(), resp.Error
}

// TestDefinition checks the function's parameter, result and description.
func TestDefinition(t *testing.T) {
	t.Parallel()
	f := NewParseImageURI()
	var metadata function.MetadataResponse
	f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
	var resp function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &resp)
	var validated function.DefinitionValidateResponse
	resp.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: metadata.Name},
		&validated)
	if metadata.Name != "parse_image_uri" || resp.Diagnostics.HasError() || validated.Diagnostics.HasError() {
		t.Fatalf("function %q with errors %v, %v", metadata.Name, resp.Diagnostics, validated.Diagnostics)
	}

	uri := resp.Definition.Parameters[0]
	if uri.GetName() != "uri" || !uri.GetType().Equal(types.StringType) || uri.GetMarkdownDescription() == "" {
		t.Errorf("got parameter %+v, want the string uri with a description", uri)
	}
	if uri.GetAllowNullValue() || uri.GetAllowUnknownValues() {
		t.Error("the function is called with a null or an unknown value, want errors and unknown results of Terraform")
	}

	want := make(map[string]attr.Type)
	for _, name := range partNames {
		want[name] = types.StringType
		if !strings.Contains(resp.Definition.MarkdownDescription, "\n- `"+name+"`: ") {
			t.Errorf("the description lacks %s", name)
		}
	}
	if got := resp.Definition.Return.GetType(); !got.Equal(types.ObjectType{AttrTypes: want}) {
		t.Errorf("the function returns %s, want an object of the strings %v", got, partNames)
	}
}

func TestParseImageURI(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]map[string]string{
		"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443/pai/team/pytorch:2.8@" + digest: {
			"registry": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443", "region": "cn-hangzhou", "network": "vpc",
			"namespace": "pai/team", "repository": "pytorch", "tag": "2.8", "digest": digest,
		},
		"registry-internal.aliyuncs.com/x": {
			"registry": "registry-internal.aliyuncs.com", "network": "internal", "repository": "x",
		},
		"Registry.Example.COM:5000/x:1": {"registry": "Registry.Example.COM:5000", "repository": "x", "tag": "1"},
		"localhost/x@" + digest:         {"registry": "localhost", "repository": "x", "digest": digest},
		"pytorch":                       {"repository": "pytorch"},
	} {
		checkParts(t, uri, want)
	}
}

// checkParts checks the result of the function for the URI. Parts that are not in want must be null.
func checkParts(t *testing.T, uri string, want map[string]string) {
	t.Helper()
	got, err := parseImageURI(t, uri)
	parts := make(map[string]attr.Value)
	for _, name := range partNames {
		parts[name] = types.StringNull()
		if part, ok := want[name]; ok {
			parts[name] = types.StringValue(part)
		}
	}
	if whole := types.ObjectValueMust(imageURIPartTypes(), parts); err != nil || !got.Equal(whole) {
		t.Errorf("%s: got %s with error %v, want %s", uri, got, err, whole)
	}
}

// TestDocumentation checks that the function returns the parts in the documentation's table of URIs.
func TestDocumentation(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../../../templates/functions/parse_image_uri.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	header, rows := false, 0
	for line := range strings.Lines(string(document)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
		}
		switch {
		case slices.Equal(cells, append([]string{"uri"}, partNames...)):
			header = true
		case header && len(cells) == 1+len(partNames) && !strings.HasPrefix(cells[0], "---"):
			want := make(map[string]string)
			for i, name := range partNames {
				if cells[1+i] != "" {
					want[name] = cells[1+i]
				}
			}
			checkParts(t, cells[0], want)
			rows++
		}
	}
	if rows == 0 {
		t.Error("the documentation has no table of parts")
	}
}
