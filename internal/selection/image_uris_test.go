package selection

import (
	"encoding/csv"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

var update = flag.Bool("update", false, "write testdata/image_uris.tsv")

// TestImageURIs compares the version, the kind and the variant of real URIs with testdata/image_uris.tsv. The flag
// -update writes that file.
func TestImageURIs(t *testing.T) {
	t.Parallel()
	const path = "testdata/image_uris.tsv"
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(strings.NewReader(string(content)))
	reader.Comma = '\t'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	got.WriteString(strings.Join([]string{"image_uri", "version", "kind", "variant"}, "\t") + "\n")
	for _, row := range rows[1:] {
		parsed := ParseImage(&pai.Image{ImageURI: &row[0]}, "")
		version, kind := "", none
		if parsed.Version != nil {
			version, kind = parsed.Version.String(), kindOf(parsed.Version)
		}
		got.WriteString(strings.Join([]string{row[0], version, kind, parsed.Variant()}, "\t") + "\n")
	}
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(content), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	if len(rows) < 150 {
		t.Errorf("%s has only %d rows", path, len(rows))
	}
}

func kindOf(v *Version) string {
	kind := "plain"
	if v.IsCalendar() {
		kind = "calendar"
	}
	switch {
	case v.IsPreRelease():
		return kind + " pre-release"
	case v.stage == stagePost:
		return kind + " post-release"
	}
	return kind + " release"
}
