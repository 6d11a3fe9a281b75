package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

const (
	// root is the repository's root.
	root = "../../.."

	// functionsSince is the first Terraform version with provider functions. OpenTofu has them since 1.7, but the tests
	// use them only since 1.8.
	functionsSince = "1.8"

	// testFunctionsSince is the first OpenTofu version that is tested with the guide about tests, which calls a function.
	testFunctionsSince = "1.12"
)

// metadataVariable is the environment variable with which tests replace the address of the instance metadata. The
// provider reads it only if installProvider built it.
const metadataVariable = "PAI_TEST_METADATA"

// requiredProviders is the terraform block of a configuration that uses the provider.
var requiredProviders = `terraform {
  required_providers {
    pai = {
      source = "` + build.Address + `"
    }
  }
}
`

// installedHome is the directory that installProvider created. TestMain removes it.
var installedHome string

// installProvider runs `make install` with a temporary home directory, once for all tests. It returns the home
// directory. The installed provider reads metadataVariable, and is otherwise the one that users install.
var installProvider = sync.OnceValues(func() (string, error) {
	home, err := os.MkdirTemp("", "pai-home-")
	if err != nil {
		return "", err
	}
	installedHome = home
	// By default, Go's caches are in the home directory. With empty caches in the new directory, every run would download
	// and compile all modules, so the caller's caches are used.
	caches, err := exec.CommandContext(context.Background(), "go", "env", "GOCACHE", "GOMODCACHE", "GOPATH").Output()
	if err != nil {
		return "", err
	}
	folders := strings.Fields(string(caches))
	command := exec.CommandContext(context.Background(), "make", "-C", root, "install",
		"CLI="+os.Getenv("TF_ACC_TERRAFORM_PATH"))
	variable := reflect.TypeFor[signin.Configuration]().PkgPath() + ".metadataAddressVariable"
	command.Env = append(os.Environ(), "PAI_TEST_LDFLAGS=-X "+variable+"="+metadataVariable, "HOME="+home,
		"GOCACHE="+folders[0], "GOMODCACHE="+folders[1], "GOPATH="+folders[2], "MAKEFLAGS=", "MAKEOVERRIDES=")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("make install: %w\n%s", err, output)
	}
	return home, nil
})

type (
	values    = providertest.Values
	terraform = providertest.Terraform
)

func TestMain(m *testing.M) {
	providertest.UnsetAccount()
	status := m.Run()
	if installedHome != "" {
		_ = os.RemoveAll(installedHome)
	}
	os.Exit(status)
}

// newTerraform returns a Terraform that is connected to a new server of the provider.
func newTerraform(tb testing.TB) *terraform {
	tb.Helper()
	return providertest.New(tb, provider.NewServer("1.2.3", "0a1b2c3")())
}

// needsCLI skips the test unless acceptance tests are enabled and a CLI is set.
func needsCLI(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" || os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		t.Skip("needs a Terraform or OpenTofu CLI; `make test` sets one")
	}
}

// runCLI runs the CLI in the folder and returns its standard output and standard error. The CLI's environment has PATH,
// a home directory with the installed provider, and the given variables.
func runCLI(t *testing.T, folder string, environ []string, args ...string) (string, error) {
	t.Helper()
	home, err := installProvider()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), args...)
	command.Dir = folder
	command.Env = slices.Concat([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CHECKPOINT_DISABLE=1"}, environ)
	output, err := command.CombinedOutput()
	return string(output), err
}

// mustRunCLI runs the CLI with the sandbox's variables and returns its output. The test stops if the CLI fails.
func mustRunCLI(t *testing.T, folder string, sandbox *paisandbox.Sandbox, args ...string) string {
	t.Helper()
	output, err := runCLI(t, folder, sandbox.Environ(), args...)
	if err != nil {
		t.Fatalf("%s: %s\n%s", strings.Join(args, " "), err, output)
	}
	return output
}

// cliVersion is the CLI's product name, Terraform or OpenTofu, and its version.
type cliVersion struct {
	product string
	version *version.Version
}

// readCLIVersion runs the CLI's version command, once for all tests.
var readCLIVersion = sync.OnceValues(func() (cliVersion, error) {
	output, err := exec.CommandContext(context.Background(), os.Getenv("TF_ACC_TERRAFORM_PATH"), "version").Output()
	if err != nil {
		return cliVersion{}, err
	}
	match := regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\S+)`).FindStringSubmatch(string(output))
	if match == nil {
		return cliVersion{}, fmt.Errorf("no version in the output: %s", output)
	}
	parsed, err := version.NewVersion(match[2])
	return cliVersion{product: match[1], version: parsed}, err
})

// mustReadCLIVersion returns the CLI's product name and version.
func mustReadCLIVersion(t *testing.T) cliVersion {
	t.Helper()
	v, err := readCLIVersion()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// before reports whether the CLI's version is lower than other.
func (v cliVersion) before(other string) bool {
	return v.version.LessThan(version.Must(version.NewVersion(other)))
}

// needsFunctions skips the test if the CLI doesn't support provider functions.
func needsFunctions(t *testing.T) {
	t.Helper()
	needsCLI(t)
	if mustReadCLIVersion(t).before(functionsSince) {
		t.Skip("provider functions need version " + functionsSince)
	}
}

// needsFunctionsInTests skips the test if the CLI can't call a function of a provider whose only configuration is in a
// test file.
func needsFunctionsInTests(t *testing.T) {
	t.Helper()
	if v := mustReadCLIVersion(t); v.product == "OpenTofu" && v.before(testFunctionsSince) {
		t.Skip("functions of a provider in a test file need OpenTofu " + testFunctionsSince)
	}
}

// writeFile writes a file that only its owner can read.
func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantOutput fails the test if the output lacks any of the parts.
func wantOutput(t *testing.T, output string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(output, part) {
			t.Errorf("output lacks %q:\n%s", part, output)
		}
	}
}

// readFile returns the content of a file.
func readFile(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
