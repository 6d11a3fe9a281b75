package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// functionsSince is the version from which Terraform has functions of providers; OpenTofu had them one earlier.
const functionsSince = "1.8"

// functionsByAliasSince is the OpenTofu with which both guides that call the function were seen to work; 1.10.6 fails in one of them.
const functionsByAliasSince = "1.12"

// cliUnderTest is the CLI that tests run: what it calls itself, and its version.
var cliUnderTest = sync.OnceValues(func() (is struct {
	Name    string
	Version *version.Version
}, err error,
) {
	output, err := exec.CommandContext(context.Background(), os.Getenv("TF_ACC_TERRAFORM_PATH"), "version").Output()
	if err != nil {
		return is, err
	}
	said := regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\S+)`).FindStringSubmatch(string(output))
	if said == nil {
		return is, fmt.Errorf("no version: %s", output)
	}
	is.Name = said[1]
	is.Version, err = version.NewVersion(said[2])
	return is, err
})

// cliIsOlder says whether the CLI comes before a version.
func cliIsOlder(t *testing.T, than string) bool {
	t.Helper()
	is, err := cliUnderTest()
	if err != nil {
		t.Fatal(err)
	}
	return is.Version.LessThan(version.Must(version.NewVersion(than)))
}

// needsFunctions skips a test where the CLI doesn't know functions of providers, and nothing else does.
func needsFunctions(t *testing.T) {
	t.Helper()
	needsCLI(t)
	if cliIsOlder(t, functionsSince) {
		t.Skip("functions of providers came with " + functionsSince)
	}
}

// needsAliasesInFunctions skips a test whose configuration calls a function where the provider has no configuration but by aliases or in
// a test file, which OpenTofu learned later than Terraform.
func needsAliasesInFunctions(t *testing.T) {
	t.Helper()
	is, err := cliUnderTest()
	if err != nil {
		t.Fatal(err)
	}
	if is.Name == "OpenTofu" && cliIsOlder(t, functionsByAliasSince) {
		t.Skip("an OpenTofu before " + functionsByAliasSince + " fails here")
	}
}

// needsItsVersion skips a guide's test where the guide asks for a newer CLI, once init has said so.
func (d *workingDir) needsItsVersion() {
	d.t.Helper()
	content, err := os.ReadFile(filepath.Join(d.path, "main.tf"))
	if err != nil {
		return // its files are used one by one, and none of them asks for a version
	}
	asked := regexp.MustCompile(`required_version = ">= (\S+)"`).FindSubmatch(content)
	if asked == nil || !cliIsOlder(d.t, string(asked[1])) {
		return
	}
	wantOutput(d.t, d.runStatus(1, "init", "-no-color", "-input=false"), "Core version", `required_version = ">= `+string(asked[1])+`"`)
	d.t.Skip("it asks for " + string(asked[1]) + ", and init says so")
}
