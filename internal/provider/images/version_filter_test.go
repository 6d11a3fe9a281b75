package images

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestVersionNotes checks which version constraint a diagnostic suggests if no image matches.
func TestVersionNotes(t *testing.T) {
	t.Parallel()
	suggestion := regexp.MustCompile("set `version = (\".*\")`")
	for _, test := range []struct {
		version string
		tags    string
		want    string // "" if the diagnostic suggests none
	}{
		{"2.9", "2.9.1 3.0", `"~> 2.9.0"`},
		{"= 2", "2.9.1", `"~> 2.0"`},
		{"2.9", "2.8.0 3.0", ""},
		{"2.9.0-rc", "2.9.0-rc1", ""}, // 2.9.0-rc.0 would be another version
		{"~> 2.9", "2.10.0-rc1", `"~> 2.9, >= 2.10.0-rc1"`},
		{"~> 3.0", "3.0.0-rc1", `">= 3.0.0-rc1"`},
		{"~> 3.0", "3.0.0-rc1 4.0", `"3.0.0-rc1"`}, // `>= 3.0.0-rc1` would match 4.0
		{"~> 3.0", "3.0.0-rc1 3.0.0-rc2 2.0.0-rc1", `">= 3.0.0-rc2"`},
		{"~> 3.0", "4.0.0-rc1 gpu", ""},
	} {
		var images []pai.Image
		for tag := range strings.FieldsSeq(test.tags) {
			images = append(images, candidateImage("r/x:"+tag))
		}
		f := filtersOf("version", types.StringValue(test.version))[0]
		got := ""
		if match := suggestion.FindStringSubmatch(f.describeValues(images, "")); match != nil {
			got = match[1]
		}
		if got != test.want {
			t.Errorf("version %q and images %s: suggests %s, want %s", test.version, test.tags, got, test.want)
		}
	}
}
