package signin

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestHomeDir checks that the account database is used only without a home directory in the environment.
func TestHomeDir(t *testing.T) { //nolint:paralleltest // it changes the environment of the process
	if runtime.GOOS != "linux" {
		t.Skip("needs /etc/passwd")
	}
	t.Setenv("HOME", "/elsewhere")
	if got := HomeDir(); got != "/elsewhere" {
		t.Errorf("home directory %q, want that of the environment", got)
	}
	t.Setenv("HOME", "")
	content, err := os.ReadFile("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(content)) {
		fields := strings.Split(line, ":")
		if len(fields) < 6 || fields[2] != strconv.Itoa(os.Getuid()) {
			continue
		}
		if got := HomeDir(); got != fields[5] {
			t.Errorf("home directory %q, want %q", got, fields[5])
		}
		return
	}
	t.Skip("the user is not in /etc/passwd")
}
