package configfile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// content is a file with two profiles.
const content = `{"current":"a","meta_path":"m<>","profiles":[` +
	`{"name":"b","credentials_uri":"u","n":12345678901234567890},` +
	`{"name":"a","mode":"OAuth","oauth_refresh_token":"old","more":[1,null]}]}`

func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestUpdate checks that Update keeps other members, the permissions and a symbolic link to the file.
func TestUpdate(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file, link := filepath.Join(home, "real.json"), filepath.Join(home, "config.json")
	writeFile(t, file, string(byteOrderMark)+content)
	if err := errors.Join(os.Chmod(file, 0o400), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	err := Update(link, func(config map[string]any) error {
		config["profiles"].([]any)[1].(map[string]any)["oauth_refresh_token"] = "new"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	updated, err := os.ReadFile(file)
	var got, want any
	if err := errors.Join(
		err, json.Unmarshal(updated, &got), json.Unmarshal([]byte(strings.Replace(content, "old", "new", 1)), &want),
	); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	for _, unchanged := range []string{"12345678901234567890", "m<>"} {
		if !strings.Contains(string(updated), unchanged) {
			t.Errorf("%s is no longer in the file: %s", unchanged, updated)
		}
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link has become %v, error %v", info, err)
	}
	if info, err = os.Stat(link); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("the mode is %v, error %v", info, err)
	}
	if err := CheckWritable(link); err != nil {
		t.Error(err)
	}
	if checked, err := os.ReadFile(file); err != nil || string(checked) != string(updated) {
		t.Errorf("CheckWritable changed the file to %s, error %v", checked, err)
	}
	checkEntries(t, home, 2)
}

// checkEntries checks that no temporary file is left.
func checkEntries(t *testing.T, folder string, want int) {
	t.Helper()
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != want {
		t.Errorf("entries %v, error %v; want %d", entries, err, want)
	}
}

// TestFailedUpdates checks that a failed update leaves the file as it is.
func TestFailedUpdates(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	failure := errors.New("change failed")
	for content, change := range map[string]error{content: failure, "{": nil} {
		file := filepath.Join(home, "config.json")
		writeFile(t, file, content)
		if err := Update(file, func(map[string]any) error { return change }); err == nil {
			t.Errorf("%s: no error", content)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != content {
			t.Errorf("the file has become %s, error %v", got, err)
		}
		checkEntries(t, home, 1)
	}
	missing := filepath.Join(home, "missing")
	if err := Update(missing, func(map[string]any) error { return nil }); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: error %v", err)
	}
	if err := CheckWritable(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: error %v", err)
	}
}

// TestOtherChangesAreKept changes the file while Update changes it. The CLI does the same, because it replaces the file
// without the lock.
func TestOtherChangesAreKept(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := filepath.Join(home, "config.json")
	writeFile(t, file, "{}")
	calls := 0
	err := Update(file, func(config map[string]any) error {
		if calls++; calls < maxUpdates {
			writeFile(t, file, fmt.Sprintf(`{"other": %d}`, calls))
		}
		config["own"] = true
		return nil
	})
	if err != nil || calls != maxUpdates {
		t.Errorf("error %v after %d calls, want %d", err, calls, maxUpdates)
	}
	updated, err := os.ReadFile(file)
	if got := strings.Join(strings.Fields(string(updated)), ""); err != nil || got != `{"other":9,"own":true}` {
		t.Errorf("the file is %s, error %v", got, err)
	}
	err = Update(file, func(map[string]any) error {
		calls++
		writeFile(t, file, fmt.Sprintf(`{"other": %d}`, calls))
		return nil
	})
	if !errors.Is(err, ErrChanged) {
		t.Errorf("error %v for a file that always changes, want ErrChanged", err)
	}
	checkEntries(t, home, 1)
}

// updatedMember is the environment variable with which TestTwoProcesses runs the test binary as a program, in the
// folder of the file. It contains the name of the member to update.
const updatedMember = "CONFIGFILE_TEST_MEMBER"

// TestTwoProcesses updates two members of one file in two processes, 200 times each. Each process checks before each
// update that its previous one is in the file.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	const updates = 200
	if name := os.Getenv(updatedMember); name != "" {
		updateOften(t, "config.json", name, updates)
		return
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "config.json")
	writeFile(t, file, `{"a": 0, "b": 0}`)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	results := make(chan string)
	for _, name := range []string{"a", "b"} {
		command := exec.CommandContext(t.Context(), program, "-test.run=^TestTwoProcesses$")
		command.Dir, command.Env = folder, append(os.Environ(), updatedMember+"="+name)
		go func() {
			output, err := command.CombinedOutput()
			if err != nil {
				results <- fmt.Sprintf("%v: %s", err, output)
				return
			}
			results <- ""
		}()
	}
	for range 2 {
		if problem := <-results; problem != "" {
			t.Error(problem)
		}
	}
	updated, err := os.ReadFile(file)
	if got := strings.Join(strings.Fields(string(updated)), ""); err != nil || got != `{"a":200,"b":200}` {
		t.Errorf("the file is %s, error %v; want %d updates of each member", got, err, updates)
	}
}

// updateOften sets a member to 1, 2 and so on.
func updateOften(t *testing.T, file, name string, updates int) {
	t.Helper()
	lost := 0
	for i := range updates {
		unlock, err := Lock(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		err = Update(file, func(config map[string]any) error {
			if previous, _ := config[name].(json.Number).Int64(); previous != int64(i) {
				lost++
			}
			config[name] = i + 1
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		unlock()
	}
	if lost > 0 {
		t.Errorf("%d of %d updates were lost", lost, updates)
	}
}

// TestCancelEndsWait checks that a wait for the lock ends with its context, and that the lock can then be released and
// taken.
func TestCancelEndsWait(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file, link := filepath.Join(home, "real.json"), filepath.Join(home, "config.json")
	writeFile(t, file, "{}")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	unlock, err := Lock(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*lockPoll)
	defer cancel()
	start := time.Now()
	if _, err := Lock(ctx, link); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that of the context", err)
	}
	if waited := time.Since(start); waited > time.Second {
		t.Errorf("waited %s", waited)
	}
	unlock()
	if unlock, err = Lock(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	unlock()
}
