package lookup

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// RequestArgument is an argument of a data source that sets a parameter of the request.
type RequestArgument struct {
	Name      string // of the argument
	Parameter string // of the request; empty if the API doesn't evaluate the argument
	Value     attr.Value
}

// RequestArguments are arguments of a data source, in the order in which diagnostics list them.
type RequestArguments []RequestArgument

// Path returns the path of the argument that sets the request parameter, and whether the argument is set. It is the
// parameter argumentPath of AddRequestError.
func (as RequestArguments) Path(parameter string) (path.Path, bool) {
	for _, a := range as {
		if a.Parameter == parameter && IsSet(a.Value) {
			return path.Root(a.Name), true
		}
	}
	return path.Empty(), false
}

// HCL returns the arguments that are set, on one line.
func (as RequestArguments) HCL() string {
	var texts []string
	for _, a := range as {
		if IsSet(a.Value) {
			texts = append(texts, a.Name+" = "+FormatHCL(a.Value))
		}
	}
	return strings.Join(texts, ", ")
}

// Paragraph returns the arguments that are set as a paragraph of a diagnostic, with one argument per line. It returns
// "" if none is set.
func (as RequestArguments) Paragraph() string {
	width := 0
	for _, a := range as {
		if IsSet(a.Value) {
			width = max(width, len(a.Name))
		}
	}
	if width == 0 {
		return ""
	}
	text := "Arguments:"
	for _, a := range as {
		if IsSet(a.Value) {
			text += fmt.Sprintf("\n  %-*s = %s", width, a.Name, FormatHCL(a.Value))
		}
	}
	return text
}
