package acctest

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// plannedDiagnostic is a diagnostic of a plan.
type plannedDiagnostic struct {
	Severity, Summary string
	Line              string // the line of the configuration that the CLI shows
}

// TestAccDiagnostics checks the line of the configuration that the CLI shows for a diagnostic. It doesn't check the
// details, because TestDiagnostics compares them with testdata/diagnostics.golden.
func TestAccDiagnostics(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	id := providertest.SmallCatalogue()[6].ImageID.Or("")
	for name, test := range map[string]struct {
		configuration string
		want          []plannedDiagnostic
		detail        string // part of a detail
		requests      bool
		functions     bool
	}{
		"provider block": {configuration: `
provider "pai" {
  max_retries = -1
  assume_role {
    role_arn = "reader"
  }
}
data "pai_images" "all" {}
`, want: []plannedDiagnostic{
			{"error", "Invalid Attribute Value", `max_retries = -1`},
			{"error", "Invalid value for assume_role.role_arn", `role_arn = "reader"`},
		}},
		"invalid arguments": {configuration: `
data "pai_images" "name" {
  name = ""
}
data "pai_images" "labels" {
  labels = { "a,b" = "c" }
}
data "pai_images" "look_ahead" {
  name_regex = "^pytorch:(?!.*ppu)"
}
data "pai_images" "timeouts" {
  timeouts = { read = "-1s" }
}
data "pai_image" "selection" {
  image_id       = "` + id + `"
  latest_version = true
}
`, detail: "use exclude_name_regex", want: []plannedDiagnostic{
			{"error", "Conflicting arguments", "latest_version = true"},
			{"error", "Invalid value for labels[\"a,b\"]", `labels = { "a,b" = "c" }`},
			{"error", "Invalid value for name_regex", `name_regex = "^pytorch:(?!.*ppu)"`},
			{"error", "Invalid value for name", `name = ""`},
			{"error", "Invalid value for timeouts.read", `data "pai_images" "timeouts" {`},
		}},
		"lookups": {configuration: `
data "pai_image" "none" {
  official     = true
  supported_by = ["dlc", "eas"]
  labels       = { "system.framework.PyTorch" = "*" }
}
data "pai_image" "several" {
  official = true
}
data "pai_image" "repositories" {
  official       = true
  latest_version = true
}
data "pai_image" "label" {
  image_id = "` + id + `"
  labels   = { team = "b" }
}
data "pai_image" "others" {
  chip_type   = "CPU"
  most_recent = true
}
`, requests: true, want: []plannedDiagnostic{
			{"error", "Image does not match the filters", `labels   = { team = "b" }`},
			{"error", "More than one image matches", `data "pai_image" "several" {`},
			{"error", "No image matches", `supported_by = ["dlc", "eas"]`},
			{"error", "Versions of several repositories", "latest_version = true"},
			{"warning", "The selected image may belong to someone else", "most_recent = true"},
		}},
		"function": {configuration: `
output "null" {
  value = provider::pai::parse_image_uri(null)
}
output "empty" {
  value = provider::pai::parse_image_uri("")
}
`, functions: true, want: []plannedDiagnostic{
			{"error", "Invalid function argument", `value = provider::pai::parse_image_uri("")`},
			{"error", "Invalid function argument", `value = provider::pai::parse_image_uri(null)`},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.functions {
				needsFunctions(t)
			}
			sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
			folder := t.TempDir()
			writeFile(t, filepath.Join(folder, "main.tf"), requiredProviders+test.configuration)
			mustRunCLI(t, folder, sandbox, "init", "-no-color")
			output, err := runCLI(t, folder, sandbox.Environ(), "plan", "-json", "-input=false")
			if diff := cmp.Diff(test.want, plannedDiagnostics(t, output)); diff != "" || err == nil {
				t.Errorf("plan returned %v and these diagnostics (-want +got):\n%s", err, diff)
			}
			wantOutput(t, output, test.detail)
			if sent := len(sandbox.Requests()) > 0; sent != test.requests {
				t.Errorf("requests were sent: %t, want %t", sent, test.requests)
			}
			if test.requests {
				output, err := runCLI(t, folder, sandbox.Environ(), "plan", "-no-color", "-input=false")
				wantCandidates(t, output)
				if err == nil {
					t.Error("the plan succeeded")
				}
			}
		})
	}
}

// plannedDiagnostics returns the sorted diagnostics in the output of plan -json.
func plannedDiagnostics(t *testing.T, output string) []plannedDiagnostic {
	t.Helper()
	var diagnostics []plannedDiagnostic
	for _, d := range decodeDiagnostics(t, output) {
		diagnostics = append(diagnostics, plannedDiagnostic{d.Severity, d.Summary, strings.TrimSpace(d.Snippet.Code)})
	}
	slices.SortFunc(diagnostics, func(a, b plannedDiagnostic) int {
		return strings.Compare(a.Severity+a.Summary+a.Line, b.Severity+b.Summary+b.Line)
	})
	return diagnostics
}

// cliDiagnostic is a diagnostic in the CLI's JSON output.
type cliDiagnostic struct {
	Severity, Summary, Detail string
	Address                   string // of the resource or data source
	Snippet                   struct{ Code string }
}

// decodeDiagnostics returns the diagnostics in the output of plan -json.
func decodeDiagnostics(t *testing.T, output string) []cliDiagnostic {
	t.Helper()
	var diagnostics []cliDiagnostic
	for line := range strings.Lines(output) {
		var message struct{ Diagnostic *cliDiagnostic }
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatalf("%s: %s", err, output)
		}
		if message.Diagnostic != nil {
			diagnostics = append(diagnostics, *message.Diagnostic)
		}
	}
	return diagnostics
}

// wantCandidates checks that the CLI doesn't wrap the table of candidates, whose lines are longer than 80 columns: the
// line after a candidate's ID is its URI.
func wantCandidates(t *testing.T, output string) {
	t.Helper()
	lines := strings.Split(output, "\n")
	for _, image := range providertest.SmallCatalogue()[:6] {
		id, uri := image.ImageID.Or(""), image.ImageURI.Or("")
		i := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, "Z  "+id+"  ") })
		if i < 0 || strings.TrimSpace(lines[i+1]) != uri {
			t.Errorf("no line with %s has %s after it:\n%s", id, uri, output)
		}
	}
}
