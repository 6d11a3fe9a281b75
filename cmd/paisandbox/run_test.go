package main

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestShellEvaluatesStartMessage(t *testing.T) {
	t.Parallel()
	stdout, stderr, stop := startProgram(t)
	script := stdout.String() + "\nenv"
	got, err := exec.CommandContext(t.Context(), "sh", "-c", script).Output()
	if err != nil {
		t.Fatalf("%v in %s", err, script)
	}
	for _, want := range []string{
		"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=http://{region}.localhost:", "ALIBABA_CLOUD_REGION=cn-hangzhou\n",
		"ALIBABA_CLOUD_ACCESS_KEY_ID=" + paisandbox.DefaultAccessKeyID + "\n",
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + paisandbox.DefaultAccessKeySecret + "\n",
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("the environment has no %q: %s", want, got)
		}
	}
	if code := stop(); code != exitOK || stderr.String() != "" {
		t.Errorf("got exit code %d and stderr %q, want %d and nothing", code, stderr, exitOK)
	}
}

func TestTLSCertificateFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	stdout, _, stop := startProgram(t, "-tls", "-addr", "127.0.0.1:0")
	endpoint := exportedValue(t, stdout, "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE")
	if !strings.HasPrefix(endpoint, "https://") {
		t.Errorf("got endpoint %s, want https", endpoint)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 || !strings.Contains(stdout.String(), files[0]) {
		t.Fatalf("got files %v, %v; want one file, named in %s", files, err, stdout)
	}
	pem, err := os.ReadFile(files[0])
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM(pem) {
		t.Errorf("%s holds no certificate: %v", files[0], err)
	}
	if code := stop(); code != exitOK {
		t.Errorf("got exit code %d, want %d", code, exitOK)
	}
	if _, err := os.Stat(files[0]); !os.IsNotExist(err) {
		t.Errorf("%s still exists after the program ended: %v", files[0], err)
	}
}

// builtIn returns the built-in images and workspaces.
func builtIn() paisandbox.CatalogueFile {
	return paisandbox.CatalogueFile{Images: paisandbox.Catalogue(), Workspaces: paisandbox.Workspaces()}
}

func TestDumpedCatalogueCanBeServed(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-dump-catalogue"}, &stdout, &stderr); code != exitOK {
		t.Fatalf("got exit code %d: %s", code, stderr.String())
	}
	file, err := paisandbox.ReadCatalogue(bytes.NewReader(stdout.Bytes()))
	if diff := cmp.Diff(builtIn(), file); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
	path := filepath.Join(t.TempDir(), "catalogue.json")
	writeFile(t, path, stdout.String())
	served, _, _ := startProgram(t, "-catalogue", path)
	for _, want := range []string{
		fmt.Sprintf("serves %d images, ", len(file.Images)), fmt.Sprintf(" and %d workspaces", len(file.Workspaces)),
	} {
		if !strings.Contains(served.String(), want) {
			t.Errorf("got %s, want %q", served, want)
		}
	}
}

// TestRegion checks that requests whose host name contains no region get the images of -region, with the built-in
// images and with those of a file.
func TestRegion(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "catalogue.json")
	var catalogue strings.Builder
	if err := paisandbox.WriteCatalogue(&catalogue, builtIn()); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, catalogue.String())
	for region, arguments := range map[string][]string{
		paisandbox.DefaultRegion: nil, "cn-shanghai": {"-region", "cn-shanghai"},
		"ap-southeast-1": {"-region", "ap-southeast-1", "-catalogue", path},
	} {
		served, _, _ := startProgram(t, arguments...)
		want := strconv.Itoa(len(paisandbox.InRegion(paisandbox.Catalogue(), region)))
		if got := totalCount(t, served, "ListImages", "/api/v1/images"); got != want {
			t.Errorf("%s: got %s images, want %s", region, got, want)
		}
		if !strings.Contains(served.String(), want+" of them in "+region) {
			t.Errorf("%s: got %s, want the number of images %s", region, served, want)
		}
		if got := exportedValue(t, served, "ALIBABA_CLOUD_REGION"); got != region {
			t.Errorf("got region %s, want %s", got, region)
		}
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	invalid := filepath.Join(t.TempDir(), "invalid.json")
	writeFile(t, invalid, `{"Images":[`)
	for _, tt := range []struct {
		args []string
		code int
		want string // part of stderr
	}{
		{[]string{"-h"}, exitOK, "-dump-catalogue"},
		{[]string{"-unknown"}, exitUsage, "-unknown"},
		{[]string{"serve"}, exitUsage, `"serve"`},
		{[]string{"-region", ""}, exitUsage, "-region"},
		{[]string{"-catalogue", invalid + ".none"}, exitError, invalid + ".none"},
		{[]string{"-catalogue", invalid}, exitError, invalid + ": not a catalogue: unexpected EOF"},
		{[]string{"-addr", "127.0.0.1:none"}, exitError, "unknown port"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), tt.args, &stdout, &stderr)
		if code != tt.code || !strings.Contains(stderr.String(), tt.want) || stdout.Len() > 0 {
			t.Errorf("%v: got exit code %d, stdout %q and stderr %q; want %d, nothing and %q",
				tt.args, code, stdout.String(), stderr.String(), tt.code, tt.want)
		}
	}
}

func TestUsedPort(t *testing.T) {
	t.Parallel()
	started, _, _ := startProgram(t)
	address := strings.TrimPrefix(exportedURL(t, started), "http://")
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"-addr", address}, &stdout, &stderr)
	if code != exitError || stdout.Len() > 0 || !strings.Contains(stderr.String(), "set another port with -addr") {
		t.Errorf("got exit code %d, stdout %q and stderr %q", code, stdout.String(), stderr.String())
	}
}

func TestShellQuote(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"http://127.0.0.1:80": "http://127.0.0.1:80", "a=b c": "'a=b c'", "it's": `'it'\''s'`, "": "''",
		"$(x)": "'$(x)'", "a\n": "'a\n'",
	} {
		if got := shellQuote(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}

func TestUnsignedRequestIsRefused(t *testing.T) {
	t.Parallel()
	stdout, _, _ := startProgram(t)
	url := exportedURL(t, stdout) + "/api/v1/images"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusBadRequest {
		t.Errorf("got %s, want status %d", response.Status, http.StatusBadRequest)
	}
}
