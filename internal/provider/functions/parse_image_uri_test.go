package functions

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// imageURIPartNames are in the order of the table in the document.
var imageURIPartNames = []string{"registry", "region", "network", "namespace", "repository", "tag", "digest"}

// parts are what the function gives, by name. What isn't there is null.
type parts map[string]string

const (
	wholeDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	wholeURI    = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443/pai/team/pytorch:2.8@" + wholeDigest
)

var wholeParts = parts{
	"registry": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443", "region": "cn-hangzhou", "network": "vpc",
	"namespace": "pai/team", "repository": "pytorch", "tag": "2.8", "digest": wholeDigest,
}

// parseImageURI calls the function as the framework does.
func parseImageURI(t *testing.T, uri string) (attr.Value, *function.FuncError) {
	t.Helper()
	resp := function.RunResponse{Result: function.NewResultData(types.ObjectUnknown(imageURIPartTypes()))}
	NewParseImageURI().Run(t.Context(), function.RunRequest{
		Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(uri)}),
	}, &resp)
	return resp.Result.Value(), resp.Error
}

func TestParseImageURIDefinition(t *testing.T) {
	t.Parallel()
	f := NewParseImageURI()
	var metadata function.MetadataResponse
	f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
	if metadata.Name != "parse_image_uri" {
		t.Errorf("the function's name is %q", metadata.Name)
	}
	var resp function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &resp)
	var validated function.DefinitionValidateResponse
	resp.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: metadata.Name}, &validated)
	if resp.Diagnostics.HasError() || validated.Diagnostics.HasError() {
		t.Fatalf("%v, %v", resp.Diagnostics, validated.Diagnostics)
	}

	uri := resp.Definition.Parameters[0]
	if uri.GetName() != "uri" || !uri.GetType().Equal(types.StringType) || uri.GetMarkdownDescription() == "" {
		t.Errorf("the parameter is %+v", uri)
	}
	if uri.GetAllowNullValue() || uri.GetAllowUnknownValues() {
		t.Error("null and unknown are not left to Terraform")
	}

	want := make(map[string]attr.Type)
	for _, name := range imageURIPartNames {
		want[name] = types.StringType
		if !strings.Contains(resp.Definition.MarkdownDescription, "\n- `"+name+"`: ") {
			t.Errorf("%s isn't described", name)
		}
	}
	if of := (types.ObjectType{AttrTypes: want}); !resp.Definition.Return.GetType().Equal(of) {
		t.Errorf("the function returns %s, want %s", resp.Definition.Return.GetType(), of)
	}
}

func TestParseImageURI(t *testing.T) {
	t.Parallel()
	tests := map[string]parts{
		wholeURI:                           wholeParts,
		"registry-internal.aliyuncs.com/x": {"registry": "registry-internal.aliyuncs.com", "network": "internal", "repository": "x"},
		"Registry.Example.COM:5000/x:1":    {"registry": "Registry.Example.COM:5000", "repository": "x", "tag": "1"},
		"localhost/x@" + wholeDigest:       {"registry": "localhost", "repository": "x", "digest": wholeDigest},
		"pytorch":                          {"repository": "pytorch"},
	}
	for uri, want := range tests {
		checkImageURIParts(t, uri, want)
	}
}

func checkImageURIParts(t *testing.T, uri string, want parts) {
	t.Helper()
	value, funcError := parseImageURI(t, uri)
	expected := make(map[string]attr.Value)
	for _, name := range imageURIPartNames {
		expected[name] = types.StringNull()
		if part, ok := want[name]; ok {
			expected[name] = types.StringValue(part)
		}
	}
	if whole := types.ObjectValueMust(imageURIPartTypes(), expected); funcError != nil || !value.Equal(whole) {
		t.Errorf("%s: the parts are %s, want %s; the error is %v", uri, value, whole, funcError)
	}
}

func TestParseImageURIErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                "empty",
		"x:1\n":           "whitespace",
		"https://pai/x:1": `"https://"`,
		"pai//x":          "[registry/][namespace/]repository[:tag][@digest]",
	}
	for uri, want := range tests {
		_, err := parseImageURI(t, uri)
		if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != 0 {
			t.Errorf("%q: got error %v, want one of argument 0", uri, err)
			continue
		}
		for _, fact := range []string{fmt.Sprintf("%q", uri), want} {
			if !strings.Contains(err.Text, fact) {
				t.Errorf("%q: got error %q, want one with %q", uri, err.Text, fact)
			}
		}
	}
}

// TestParseImageURIDocument: the table in the document is true.
func TestParseImageURIDocument(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "functions", "parse_image_uri.md.tmpl"))
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
		case slices.Equal(cells, append([]string{"uri"}, imageURIPartNames...)):
			header = true
		case header && len(cells) == 1+len(imageURIPartNames) && !strings.HasPrefix(cells[0], "---"):
			want := make(parts)
			for i, name := range imageURIPartNames {
				if cells[1+i] != "" {
					want[name] = cells[1+i]
				}
			}
			checkImageURIParts(t, cells[0], want)
			rows++
		}
	}
	if rows < 5 {
		t.Errorf("the table has %d rows", rows)
	}
}
