package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is a buffer that can be read while the program writes to it.
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

// startProgram runs the program until the test ends or calls stop. It returns after the program has printed its start
// message. stop returns the exit code.
func startProgram(t *testing.T, args ...string) (stdout, stderr *output, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, stderr = new(output), new(output)
	code := make(chan int, 1)
	go func() { code <- run(ctx, args, stdout, stderr) }()
	stop = sync.OnceValue(func() int { cancel(); return <-code })
	t.Cleanup(func() { stop() })
	for began := time.Now(); !strings.Contains(stdout.String(), "ACCESS_KEY_SECRET"); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("the program printed no start message; stdout %q, stderr %q", stdout, stderr)
		}
	}
	return stdout, stderr, stop
}

// exportedValue returns the value of an environment variable in the program's export lines, without quotes.
func exportedValue(t *testing.T, stdout *output, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(stdout.String(), "export "+name+"=")
	value, _, ended := strings.Cut(rest, "\n")
	if !ok || !ended {
		t.Fatalf("%s is not exported in %s", name, stdout)
	}
	return strings.Trim(value, "'")
}

// exportedURL returns the exported endpoint without a region.
func exportedURL(t *testing.T, stdout *output) string {
	t.Helper()
	endpoint := exportedValue(t, stdout, "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE")
	return strings.Replace(endpoint, "{region}.localhost", "127.0.0.1", 1)
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
