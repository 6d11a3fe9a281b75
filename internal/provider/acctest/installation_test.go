package acctest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccInstalledWithoutConfiguration runs init and plan after `make install`, without any CLI configuration. It
// checks that the requests' User-Agent contains the version and the commit that the binary prints with -version.
func TestAccInstalledWithoutConfiguration(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	sandbox := providertest.Start(t, paisandbox.Options{})
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "main.tf"), requiredProviders+`
data "pai_images" "official" {
  official = true
}

output "count" {
  value = length(data.pai_images.official.images)
}
`)
	wantOutput(t, mustRunCLI(t, folder, sandbox, "init", "-no-color"), "Installed "+build.Address+" v"+build.Version)
	wantOutput(t, mustRunCLI(t, folder, sandbox, "plan", "-no-color"), "+ count = ")

	printed := printVersion(t, installedHome+"/.terraform.d/plugins/*/*/*/"+build.Version+"/*/terraform-provider-pai_v*")
	nameAndVersion := strings.TrimSuffix(strings.TrimSpace(printed), " "+build.Address)
	want := strings.Replace(nameAndVersion, " ", "/", 1)
	if !strings.HasPrefix(want, "terraform-provider-pai/"+build.Version) {
		t.Errorf("-version printed %q, want version %s", printed, build.Version)
	}
	if got := sandbox.Requests()[0].Header.Get("User-Agent"); !strings.HasSuffix(got, want) {
		t.Errorf("User-Agent is %q, want the end %q", got, want)
	}
}

// TestAccAddressIsSetWhenLinking installs the provider with another address and version, which the linker sets.
func TestAccAddressIsSetWhenLinking(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	plugins := t.TempDir()
	command := exec.CommandContext(t.Context(), "make", "-C", root, "install", "PLUGINS="+plugins,
		"ADDRESS=registry.example.com/team/pai", "VERSION=9.8.7")
	command.Env = append(os.Environ(), "MAKEFLAGS=", "MAKEOVERRIDES=")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%s", err, output)
	}
	printed := printVersion(t, plugins+"/registry.example.com/team/pai/9.8.7/*/terraform-provider-pai_v9.8.7")
	words := strings.Fields(printed)
	if len(words) < 3 || words[1] != "9.8.7" || words[len(words)-1] != "registry.example.com/team/pai" {
		t.Errorf("-version printed %q, want version 9.8.7 and address registry.example.com/team/pai", printed)
	}
}

// printVersion runs a binary with -version and returns its output. The pattern must match exactly one binary.
func printVersion(t *testing.T, pattern string) string {
	t.Helper()
	binaries, err := filepath.Glob(pattern)
	if err != nil || len(binaries) != 1 {
		t.Fatalf("%s matches %q, want one binary (%v)", pattern, binaries, err)
	}
	output, err := exec.CommandContext(t.Context(), binaries[0], "-version").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(output)
}
