package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// output may be read while the program writes.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// background runs the program until the test ends it, and waits for its greeting.
func background(t *testing.T, args ...string) (stdout, stderr *output, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, stderr = new(output), new(output)
	code := make(chan int, 1)
	go func() { code <- run(ctx, args, stdout, stderr) }()
	end = sync.OnceValue(func() int { cancel(); return <-code })
	t.Cleanup(func() { end() })
	eventually(t, func() bool { return strings.Contains(stdout.String(), "ACCESS_KEY_SECRET") })
	return stdout, stderr, end
}

func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for began := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatal("it never came to that")
		}
	}
}

func TestGreetingIsForEval(t *testing.T) {
	t.Parallel()
	stdout, stderr, end := background(t)
	script := stdout.String() + "\nenv"
	got, err := exec.CommandContext(t.Context(), "sh", "-c", script).Output()
	if err != nil {
		t.Fatalf("%v in %s", err, script)
	}
	for _, want := range []string{
		"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=http://127.0.0.1:", "ALIBABA_CLOUD_REGION=cn-hangzhou\n",
		"ALIBABA_CLOUD_ACCESS_KEY_ID=" + paisandbox.DefaultAccessKeyID + "\n",
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + paisandbox.DefaultAccessKeySecret + "\n",
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if code := end(); code != exitOK || stderr.String() != "" {
		t.Errorf("ended with %d: %s", code, stderr)
	}
}

func TestTLSLeavesNoCertificateBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	stdout, _, end := background(t, "-tls", "-addr", "127.0.0.1:0")
	if !strings.Contains(stdout.String(), "export ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=https://") {
		t.Errorf("got %s", stdout)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 || !strings.Contains(stdout.String(), files[0]) {
		t.Fatalf("files %v, %v, but %s", files, err, stdout)
	}
	pem, err := os.ReadFile(files[0])
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM(pem) {
		t.Errorf("no certificate: %v", err)
	}
	if code := end(); code != exitOK {
		t.Errorf("ended with %d", code)
	}
	if _, err := os.Stat(files[0]); !os.IsNotExist(err) {
		t.Errorf("the certificate is still there: %v", err)
	}
}

func TestDumpedCatalogueCanBeServed(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-dump-catalogue", "-region", ""}, &stdout, &stderr); code != exitOK {
		t.Fatalf("ended with %d: %s", code, stderr.String())
	}
	images, err := paisandbox.ReadCatalogue(bytes.NewReader(stdout.Bytes()))
	if diff := cmp.Diff(paisandbox.Catalogue(), images); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
	path := filepath.Join(t.TempDir(), "catalogue.json")
	write(t, path, stdout.String())
	greeted, _, _ := background(t, "-catalogue", path)
	if !strings.Contains(greeted.String(), fmt.Sprintf("with %d images", len(images))) {
		t.Errorf("got %s", greeted)
	}
}

// TestRegion: unless told otherwise, what is served and dumped is what one region lists.
func TestRegion(t *testing.T) {
	t.Parallel()
	for region, arguments := range map[string][]string{
		paisandbox.DefaultRegion: nil, "cn-shanghai": {"-region", "cn-shanghai"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append([]string{"-dump-catalogue"}, arguments...), &stdout, &stderr); code != exitOK {
			t.Fatalf("ended with %d: %s", code, stderr.String())
		}
		images, err := paisandbox.ReadCatalogue(&stdout)
		want := paisandbox.InRegion(paisandbox.Catalogue(), region)
		if diff := cmp.Diff(want, images); err != nil || diff != "" {
			t.Errorf("%s: %v, %s", region, err, diff)
		}
		greeted, _, _ := background(t, arguments...)
		for _, says := range []string{fmt.Sprintf("with %d images", len(want)), "ALIBABA_CLOUD_REGION=" + region + "\n"} {
			if !strings.Contains(greeted.String(), says) {
				t.Errorf("%s is not in %s", says, greeted)
			}
		}
	}
}

func TestMistakesOnTheCommandLine(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "broken.json")
	write(t, broken, `{"Images":[`)
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-h"}, exitOK, "-dump-catalogue"},
		{[]string{"-unknown"}, exitUsage, "not defined"},
		{[]string{"serve"}, exitUsage, `unexpected argument "serve"`},
		{[]string{"-catalogue", broken + ".none"}, exitError, "no such file"},
		{[]string{"-catalogue", broken}, exitError, broken + ": not a catalogue: unexpected EOF"},
		{[]string{"-addr", "127.0.0.1:none"}, exitError, "unknown port"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), tt.args, &stdout, &stderr)
		if code != tt.code || !strings.Contains(stderr.String(), tt.want) || stdout.Len() > 0 {
			t.Errorf("%v: ended with %d, %s%s", tt.args, code, stdout.String(), stderr.String())
		}
	}
}

func TestShellQuote(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"http://127.0.0.1:80": "http://127.0.0.1:80", "a=b c": "'a=b c'", "it's": `'it'\''s'`, "": "''", "$(x)": "'$(x)'", "a\n": "'a\n'",
	} {
		if got := shellQuote(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestHTTPStatusWithoutSignature(t *testing.T) {
	t.Parallel()
	stdout, _, _ := background(t)
	_, rest, _ := strings.Cut(stdout.String(), "AIWORKSPACE=")
	url, _, _ := strings.Cut(rest, "\n")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/v1/images", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusBadRequest {
		t.Errorf("got %s", response.Status)
	}
}
