package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"terraform.local/pai/terraform-provider-pai/internal/build"
)

// TestChangelog checks that the newest entry of CHANGELOG.md is for the version of the code.
func TestChangelog(t *testing.T) {
	t.Parallel()
	newest, err := readChangelog(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if newest.version != build.Version {
		t.Errorf("newest entry of CHANGELOG.md: got version %s, want %s", newest.version, build.Version)
	}
}

func TestParseChangelog(t *testing.T) {
	t.Parallel()
	const valid = "# Changelog\n\nWords.\n\n## [1.2.0] - Unreleased\n\n### Added\n\n- This.\n\n### Fixed\n\n- That.\n\n" +
		"## [1.1.9] - 2026-01-31\n\n### Added\n\n- All.\n"
	newest, err := parseChangelog(valid)
	want := entry{"1.2.0", "Unreleased", "### Added\n\n- This.\n\n### Fixed\n\n- That."}
	if err != nil || newest != want {
		t.Errorf("got %+v, %v, want %+v", newest, err, want)
	}
	for name, change := range map[string]struct{ from, to, want string }{
		"no brackets":     {"[1.2.0]", "1.2.0", "1.2.0 - Unreleased"},
		"no version":      {"\n## ", "\n# ", "no version"},
		"no date":         {"2026-01-31", "Unreleased", "[1.1.9] - Unreleased"},
		"invalid date":    {"2026-01-31", "2026-02-31", "2026-02-31"},
		"ascending":       {"1.1.9", "1.10.0", "1.10.0 is below 1.2.0"},
		"duplicate":       {"1.1.9", "1.2.0", "1.2.0 is below 1.2.0"},
		"unknown section": {"### Fixed", "### Bugs", `"Bugs"`},
		"section order":   {"### Fixed", "### Added", `"Added"`},
		"empty section":   {"- That.", "", `"Fixed"`},
		"no section":      {"### Added\n\n- This.\n\n### Fixed\n\n", "", "without a section"},
	} {
		_, err := parseChangelog(strings.ReplaceAll(valid, change.from, change.to))
		if err == nil || !strings.Contains(err.Error(), change.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, change.want)
		}
	}
}

// TestCheck checks that a release requires the code's version as its tag, and a date in the changelog. A rehearsal
// requires no date.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, tag, heading string
		rehearsal          bool
		want               string // part of the error; "" if there must be none
	}{
		{"release", "v" + build.Version, "[" + build.Version + "] - 2026-01-31", false, ""},
		{"rehearsal without date", "v" + build.Version, "[" + build.Version + "] - Unreleased", true, ""},
		{"release without date", "v" + build.Version, "[" + build.Version + "] - Unreleased", false, "2006-01-31"},
		{"other entry", "v" + build.Version, "[9.9.9] - 2026-01-31", false, "9.9.9"},
		{"tag without v", build.Version, "[" + build.Version + "] - 2026-01-31", false, "want v" + build.Version},
		{"other tag", "v9.9.9", "[9.9.9] - 2026-01-31", true, "want v" + build.Version},
	} {
		changelog := &fstest.MapFile{Data: []byte("# Changelog\n\n## " + tt.heading + "\n\n### Added\n\n- This.\n")}
		err := check(fstest.MapFS{"CHANGELOG.md": changelog}, tt.tag, tt.rehearsal)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q", tt.name, err, tt.want)
		}
	}
}
