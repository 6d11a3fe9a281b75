package providertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Only returns the diagnostic of a list with exactly one. It stops the test if there is none, or more than one.
func Only(t *testing.T, diagnostics []*tfprotov6.Diagnostic) *tfprotov6.Diagnostic {
	t.Helper()
	if len(diagnostics) != 1 {
		t.Fatalf("%d diagnostics, want 1: %v", len(diagnostics), diagnostics)
	}
	return diagnostics[0]
}

// WantNone fails the test if there is a diagnostic.
func WantNone(tb testing.TB, diagnostics []*tfprotov6.Diagnostic) {
	tb.Helper()
	for _, d := range diagnostics {
		tb.Fatalf("unexpected diagnostic: %s", describe(d))
	}
}

// WantError fails the test unless there is exactly one diagnostic, and this is an error with the path, the summary, and
// a detail that contains the facts. The path has the format that Path returns.
func WantError(t *testing.T, diagnostics []*tfprotov6.Diagnostic, path, summary string, facts ...string) {
	t.Helper()
	wantOne(t, diagnostics, tfprotov6.DiagnosticSeverityError, path, summary, facts)
}

// WantWarning is like WantError, but for a warning.
func WantWarning(t *testing.T, diagnostics []*tfprotov6.Diagnostic, path, summary string, facts ...string) {
	t.Helper()
	wantOne(t, diagnostics, tfprotov6.DiagnosticSeverityWarning, path, summary, facts)
}

func wantOne(
	t *testing.T, diagnostics []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity, path, summary string,
	facts []string,
) {
	t.Helper()
	d := Only(t, diagnostics)
	if d.Severity != severity || Path(d) != path || d.Summary != summary {
		t.Errorf("got %s\nwant %s at %q: %s", describe(d), severity, path, summary)
	}
	for _, fact := range facts {
		if !strings.Contains(d.Detail, fact) {
			t.Errorf("%q is not in the detail of %s", fact, describe(d))
		}
	}
}

func describe(d *tfprotov6.Diagnostic) string {
	return fmt.Sprintf("%s at %q: %s\n%s", d.Severity, Path(d), d.Summary, d.Detail)
}

// Path returns the path of a diagnostic as in HCL, such as labels["a"]. It returns "" if the diagnostic has no path.
func Path(d *tfprotov6.Diagnostic) string {
	if d.Attribute == nil {
		return ""
	}
	var b strings.Builder
	for _, step := range d.Attribute.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			b.WriteString("." + string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(step))
		case tftypes.ElementKeyValue:
			var element string
			if err := tftypes.Value(step).As(&element); err != nil {
				element = err.Error()
			}
			fmt.Fprintf(&b, "[%q]", element)
		default:
			fmt.Fprintf(&b, "[%v]", step)
		}
	}
	if b.Len() == 0 {
		return "(empty)" // not "", because the CLI shows such a diagnostic without a line of the configuration
	}
	return strings.TrimPrefix(b.String(), ".")
}
