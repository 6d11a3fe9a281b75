package acctest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

const root = "../../.."

// installedHome is what installed made, for TestMain to take away.
var installedHome string

// installed is a home folder into which `make install` has put the provider, made once.
var installed = sync.OnceValues(func() (string, error) {
	home, err := os.MkdirTemp("", "pai-home-")
	if err != nil {
		return "", err
	}
	installedHome = home
	// The caches stay where they are: only the home is new.
	caches, err := exec.CommandContext(context.Background(), "go", "env", "GOCACHE", "GOMODCACHE", "GOPATH").Output()
	if err != nil {
		return "", err
	}
	folders := strings.Fields(string(caches))
	command := exec.CommandContext(context.Background(), "make", "-C", root, "install",
		"CLI="+os.Getenv("TF_ACC_TERRAFORM_PATH"))
	command.Env = append(os.Environ(), "HOME="+home, "GOCACHE="+folders[0], "GOMODCACHE="+folders[1], "GOPATH="+folders[2],
		"MAKEFLAGS=", "MAKEOVERRIDES=")
	output, err := command.CombinedOutput()
	if err != nil {
		err = &exec.Error{Name: string(output), Err: err}
	}
	return home, err
})

// mustRunCLI runs the real CLI as a new user would: nothing in its environment but a path, a home and the sandbox.
func mustRunCLI(t *testing.T, folder string, sandbox *paisandbox.Sandbox, arguments ...string) string {
	t.Helper()
	output, err := runCLI(t, folder, sandbox.Environ(), arguments...)
	if err != nil {
		t.Fatalf("%s: %s\n%s", strings.Join(arguments, " "), err, output)
	}
	return output
}

func runCLI(t *testing.T, folder string, environment []string, arguments ...string) (string, error) {
	t.Helper()
	home, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), arguments...)
	command.Dir = folder
	command.Env = slices.Concat([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CHECKPOINT_DISABLE=1"}, environment)
	output, err := command.CombinedOutput()
	return string(output), err
}

func needsCLI(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" || os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		t.Skip("runs a real CLI: make test says which")
	}
}

// TestAccInstalledWithoutConfiguration: after `make install`, `init` finds the provider by itself and `plan` works. The service is told
// which version and commit asks, as `-version` has them.
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
	if output := mustRunCLI(t, folder, sandbox, "init", "-no-color"); !strings.Contains(output, "Installed "+build.Address+" v"+build.Version) {
		t.Errorf("init says %s", output)
	}
	if output := mustRunCLI(t, folder, sandbox, "plan", "-no-color"); !strings.Contains(output, "+ count = ") {
		t.Errorf("plan says %s", output)
	}

	binaries, err := filepath.Glob(installedHome + "/.terraform.d/plugins/*/*/*/" + build.Version + "/*/terraform-provider-pai_v*")
	if err != nil || len(binaries) != 1 {
		t.Fatalf("%q, %v", binaries, err)
	}
	output, err := exec.CommandContext(t.Context(), binaries[0], "-version").Output()
	if err != nil {
		t.Fatal(err)
	}
	said := strings.TrimSuffix(strings.TrimSpace(string(output)), " "+build.Address)
	agent := sandbox.Requests()[0].Header.Get("User-Agent")
	if want := strings.Replace(said, " ", "/", 1); !strings.HasPrefix(want, "terraform-provider-pai/"+build.Version) || !strings.HasSuffix(agent, want) {
		t.Errorf("%q asks, and -version says %q", agent, said)
	}
}

// TestAccAddressIsSetWhenLinking: whoever publishes the provider names another address and version, and changes no code.
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
	binaries, err := filepath.Glob(plugins + "/registry.example.com/team/pai/9.8.7/*/terraform-provider-pai_v9.8.7")
	if err != nil || len(binaries) != 1 {
		t.Fatalf("%v, %v", binaries, err)
	}
	output, err := exec.CommandContext(t.Context(), binaries[0], "-version").Output()
	said := strings.Fields(string(output))
	if err != nil || said[1] != "9.8.7" || said[len(said)-1] != "registry.example.com/team/pai" {
		t.Errorf("-version says %s, %v", output, err)
	}
}

var requiredProviders = `terraform {
  required_providers {
    pai = {
      source = "` + build.Address + `"
    }
  }
}
`

func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
