package repository

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLowestEngines: the oldest Terraform and OpenTofu with which tests are run, pinned in modules of their own, are those that the
// documents claim and the examples ask for.
func TestLowestEngines(t *testing.T) {
	t.Parallel()
	terraform := pinnedVersion(t, "terraform-lowest", "github.com/hashicorp/terraform")
	tofu := pinnedVersion(t, "tofu-lowest", "github.com/opentofu/opentofu")
	claim := fmt.Sprintf("Terraform %s or OpenTofu %s, or later", minor(terraform), minor(tofu))
	for _, document := range []string{"README.md", "CONTRIBUTING.md", "templates/index.md.tmpl", "docs/index.md"} {
		if text := strings.Join(strings.Fields(read(t, document)), " "); !strings.Contains(text, claim) {
			t.Errorf("%s does not say %q", document, claim)
		}
	}
	newest := pinnedVersion(t, "tofu", "github.com/opentofu/opentofu")
	for _, version := range []string{terraform, tofu, newest} {
		if !strings.Contains(read(t, "README.md"), version) {
			t.Errorf("README.md does not say that %s was run", version)
		}
	}

	asks := regexp.MustCompile(`required_version = "(.*)"`)
	found := 0
	err := filepath.WalkDir("examples", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".tf" {
			return err
		}
		asked := asks.FindStringSubmatch(read(t, file))
		if asked == nil {
			return nil
		}
		found++
		want := ">= " + minor(terraform) // the older of the two: no OpenTofu is that old
		if callsFunction(t, filepath.Dir(file)) {
			want = ">= 1.8" // functions of providers
		}
		if asked[1] != want {
			t.Errorf("%s asks for %q and needs %q", file, asked[1], want)
		}
		return nil
	})
	if err != nil || found == 0 {
		t.Errorf("%d examples ask for a version: %v", found, err)
	}
}

// TestGoVersion: the documents ask for a Go with which everything builds, the tools too.
func TestGoVersion(t *testing.T) {
	t.Parallel()
	newest := "1.0.0"
	for _, file := range append(glob(t, "tools/*/go.mod"), "go.mod") {
		asked := regexp.MustCompile(`(?m)^go (\d+\.\d+\.\d+)$`).FindStringSubmatch(read(t, file))
		if asked == nil {
			t.Fatalf("%s names no Go", file)
		}
		if compareVersions(t)(newest, asked[1]) < 0 {
			newest = asked[1]
		}
	}
	for _, document := range []string{"README.md", "CONTRIBUTING.md"} {
		if !strings.Contains(read(t, document), "You need Go "+newest+" or later") {
			t.Errorf("%s does not ask for Go %s", document, newest)
		}
	}
}

// pinnedVersion is that of a module in the folder of a tool, as in 1.2.3.
func pinnedVersion(t *testing.T, tool, module string) string {
	t.Helper()
	pinned := regexp.MustCompile(`(?m)^.*` + regexp.QuoteMeta(module) + ` v([0-9.]+)( |$)`).
		FindStringSubmatch(read(t, filepath.Join("tools", tool, "go.mod")))
	if pinned == nil {
		t.Fatalf("tools/%s does not pin %s", tool, module)
	}
	return pinned[1]
}

// minor is a version without its patch.
func minor(version string) string { return version[:strings.LastIndex(version, ".")] }

// callsFunction says whether HCL in a folder, or in a module below it, calls a function of a provider.
func callsFunction(t *testing.T, folder string) (calls bool) {
	t.Helper()
	err := filepath.WalkDir(folder, func(file string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(file) == ".tf" && strings.Contains(read(t, file), "provider::") {
			calls = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return calls
}
