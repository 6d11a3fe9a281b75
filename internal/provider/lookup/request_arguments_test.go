package lookup

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TestRequestArguments checks that only arguments with a known value have a path and a text.
func TestRequestArguments(t *testing.T) {
	t.Parallel()
	arguments := RequestArguments{
		{Name: "name", Parameter: "Name", Value: types.StringNull()},
		{Name: "ids", Parameter: "Ids", Value: types.SetValueMust(types.StringType, []attr.Value{
			types.StringValue("b"), types.StringValue("a"),
		})},
		{Name: "status", Parameter: "Status", Value: types.StringUnknown()},
		{Name: "default", Value: types.BoolValue(true)},
	}
	for parameter, want := range map[string]path.Path{
		"Ids": path.Root("ids"), "Name": path.Empty(), "Status": path.Empty(), "Other": path.Empty(),
	} {
		if got, ok := arguments.Path(parameter); !got.Equal(want) || ok != (parameter == "Ids") {
			t.Errorf("%s: got %s, %t, want %s", parameter, got, ok, want)
		}
	}
	if got, want := arguments.HCL(), `ids = ["a", "b"], default = true`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := arguments.Paragraph(), "Arguments:\n  ids     = [\"a\", \"b\"]\n  default = true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := arguments[:1].Paragraph() + arguments[:1].HCL(); got != "" {
		t.Errorf("got %q for arguments that are not set", got)
	}
}
