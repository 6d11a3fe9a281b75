package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"terraform.local/pai/terraform-provider-pai/internal/build"
)

// TestChangelog: the newest entry of the project's own changelog is of the version that the code says.
func TestChangelog(t *testing.T) {
	t.Parallel()
	newest, err := readChangelog(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if newest.version != build.Version {
		t.Errorf("CHANGELOG.md's newest entry is of %s, and internal/build says %s", newest.version, build.Version)
	}
}

func TestParseChangelog(t *testing.T) {
	t.Parallel()
	const good = "# Changelog\n\nWords.\n\n## [1.2.0] - Unreleased\n\n### Added\n\n- This.\n\n### Fixed\n\n- That.\n\n" +
		"## [1.1.9] - 2026-01-31\n\n### Added\n\n- All.\n"
	newest, err := parseChangelog(good)
	if want := (entry{"1.2.0", "Unreleased", "### Added\n\n- This.\n\n### Fixed\n\n- That."}); err != nil || newest != want {
		t.Errorf("%+v, %v", newest, err)
	}
	for name, change := range map[string][3]string{
		"no brackets":        {"[1.2.0]", "1.2.0", "isn't like"},
		"no version":         {"\n## ", "\n# ", "no version"},
		"no day":             {"2026-01-31", "Unreleased", "no day"},
		"not a day":          {"2026-01-31", "2026-02-31", "no day"},
		"an older one above": {"1.1.9", "1.10.0", "stands below"},
		"the same twice":     {"1.1.9", "1.2.0", "stands below"},
		"another heading":    {"### Fixed", "### Bugs", `"Bugs" where`},
		"the wrong order":    {"### Fixed", "### Added", `"Added" where`},
		"nothing under it":   {"- That.", "", `"Fixed" where`},
		"no heading":         {"### Added\n\n- This.\n\n### Fixed\n\n", "", "doesn't begin"},
	} {
		if _, err := parseChangelog(strings.ReplaceAll(good, change[0], change[1])); err == nil || !strings.Contains(err.Error(), change[2]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCheck: a release needs the code's version as its tag, and a day; a rehearsal needs no day. None of it touches the network.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag, changelog string
		rehearsal      bool
		says           string
	}{
		{"v" + build.Version, "## [" + build.Version + "] - 2026-01-31", false, ""},
		{"v" + build.Version, "## [" + build.Version + "] - Unreleased", true, ""},
		{"v" + build.Version, "## [" + build.Version + "] - Unreleased", false, "write the day"},
		{"v" + build.Version, "## [9.9.9] - 2026-01-31", false, "the newest entry of CHANGELOG.md is of 9.9.9"},
		{build.Version, "## [" + build.Version + "] - 2026-01-31", false, "the tag must be v"},
		{"v9.9.9", "## [9.9.9] - 2026-01-31", true, "the tag must be v"},
	} {
		changelog := &fstest.MapFile{Data: []byte("# Changelog\n\n" + c.changelog + "\n\n### Added\n\n- This.\n")}
		err := check(fstest.MapFS{"CHANGELOG.md": changelog}, c.tag, c.rehearsal)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
