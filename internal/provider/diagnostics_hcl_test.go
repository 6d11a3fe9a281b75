package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// argumentPattern matches an argument in a diagnostic: between backticks, after a colon, or on a line of its own.
var argumentPattern = regexp.MustCompile("(?m)" +
	"`((?:\"[^`\n]*\"|[a-z_]+) += [^`\n]*)`|: ([a-z_]+ = .*)$|^ +([a-z_]+ += .*?)(?: +selects .*)?$")

// checkHCL checks that HCL can read every argument in the text of a diagnostic.
func checkHCL(t *testing.T, text string) {
	t.Helper()
	for _, match := range argumentPattern.FindAllStringSubmatch(text, -1) {
		argument := strings.Join(match[1:], "")
		expression, diags := hclsyntax.ParseExpression([]byte("{"+argument+"}"), "test.tf", hcl.InitialPos)
		if !diags.HasErrors() {
			_, diags = expression.Value(nil)
		}
		if diags.HasErrors() {
			t.Errorf("%s is not an argument in HCL: %v", argument, diags)
		}
	}
}
