package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestUpdateFile checks that updateFile changes the members of one profile only, and that it keeps the file mode and a
// symbolic link to the file.
func TestUpdateFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := writeFile(t, home, "real.json", "\xef\xbb\xbf"+`{"current":"a","meta_path":"m<>","profiles":[`+
		`{"name":"b","credentials_uri":"u","n":12345678901234567890},`+
		`{"name":"a","mode":"OAuth","oauth_refresh_token":"old","more":[1,null]}]}`)
	link := filepath.Join(home, "config.json")
	if err := errors.Join(os.Chmod(file, 0o400), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	change := func(cliProfile) map[string]any {
		return map[string]any{"oauth_refresh_token": "new", "sts_expiration": int64(7)}
	}
	if err := (fileProfile{file: link, name: "a"}).updateFile(change); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	const updated = `{"current":"a","meta_path":"m<>","profiles":[` +
		`{"name":"b","credentials_uri":"u","n":12345678901234567890},` +
		`{"name":"a","mode":"OAuth","oauth_refresh_token":"new","sts_expiration":7,"more":[1,null]}]}`
	var got, want any
	if err := errors.Join(err, json.Unmarshal(content, &got), json.Unmarshal([]byte(updated), &want)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	for _, unchanged := range []string{"12345678901234567890", "m<>"} {
		if !strings.Contains(string(content), unchanged) {
			t.Errorf("%s is no longer in the file: %s", unchanged, content)
		}
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link has become %v, error %v", info, err)
	}
	if info, err = os.Stat(link); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("the mode is %v, error %v", info, err)
	}
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 2 {
		t.Errorf("entries %v, error %v; want the file and the link", entries, err)
	}
	for name, p := range map[string]fileProfile{
		"missing profile": {file: link, name: "c"}, "missing file": {file: home + "/none", name: "a"},
	} {
		if err := p.updateFile(change); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestUpdateFileKeepsOtherChanges changes the file while updateFile changes it. The CLI does the same, because it
// replaces the file without the lock.
func TestUpdateFileKeepsOtherChanges(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := writeFile(t, home, "config.json", `{"profiles": [{"name": "a"}, {"name": "b"}]}`)
	a, b := fileProfile{file: file, name: "a"}, fileProfile{file: file, name: "b"}
	set := func(value int) map[string]any { return map[string]any{"sts_expiration": value} }
	calls := 0
	err := a.updateFile(func(cliProfile) map[string]any {
		if calls++; calls < maxUpdates {
			if err := b.updateFile(func(cliProfile) map[string]any { return set(calls) }); err != nil {
				t.Error(err)
			}
		}
		return set(-1)
	})
	if err != nil || calls != maxUpdates {
		t.Errorf("error %v after %d calls, want %d", err, calls, maxUpdates)
	}
	membersOfA, errA := a.read()
	membersOfB, errB := b.read()
	if errA != nil || errB != nil || membersOfA.intMember("sts_expiration") != -1 ||
		membersOfB.intMember("sts_expiration") != maxUpdates-1 {
		t.Errorf("profiles %v and %v, errors %v and %v", membersOfA, membersOfB, errA, errB)
	}
	err = a.updateFile(func(cliProfile) map[string]any {
		calls++
		writeFile(t, home, "config.json", fmt.Sprintf(`{"profiles": [{"name": "a", "other": %d}]}`, calls))
		return set(1)
	})
	if !errors.Is(err, errFileChanged) {
		t.Errorf("error %v for a file that always changes, want errFileChanged", err)
	}
	if entries, err := os.ReadDir(home); err != nil || len(entries) != 1 {
		t.Errorf("entries %v, error %v; want only the file", entries, err)
	}
}

// updatingProfile is the environment variable with which TestTwoProcesses runs the test binary as a program. It
// contains the file and the name of the profile.
const updatingProfile = "SIGNIN_TEST_UPDATING_PROFILE"

// TestTwoProcesses updates two profiles of one file in two processes, 200 times each. Each process checks before each
// update that its previous one is in the file.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	const updates = 200
	if file, name, ok := strings.Cut(os.Getenv(updatingProfile), "|"); ok {
		updateOften(t, fileProfile{file: file, name: name}, updates)
		return
	}
	file := writeFile(t, t.TempDir(), "config.json", `{"profiles": [{"name": "a"}, {"name": "b"}]}`)
	results := make(chan string)
	for _, name := range []string{"a", "b"} {
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTwoProcesses$")
		command.Env = append(os.Environ(), updatingProfile+"="+file+"|"+name)
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
	for _, name := range []string{"a", "b"} {
		members, err := fileProfile{file: file, name: name}.read()
		if err != nil || members.intMember("sts_expiration") != updates {
			t.Errorf("profile %v, error %v; want %d updates", members, err, updates)
		}
	}
}

// updateOften sets a member of the profile to 1, 2 and so on.
func updateOften(t *testing.T, p fileProfile, updates int) {
	t.Helper()
	lost := 0
	for i := range updates {
		unlock, err := p.lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		members, err := p.read()
		if err != nil {
			t.Fatal(err)
		}
		if members.intMember("sts_expiration") != int64(i) {
			lost++
		}
		err = p.updateFile(func(cliProfile) map[string]any {
			return map[string]any{"sts_expiration": i + 1, "number": strconv.Itoa(i)}
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

// TestCancelEndsWaitForLock checks that a wait for the lock ends with its context, and that the lock can then be
// released and taken.
func TestCancelEndsWaitForLock(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	p := fileProfile{file: writeFile(t, home, "config.json", "{}")}
	link := filepath.Join(home, "link.json") // has the same lock
	if err := os.Symlink(p.file, link); err != nil {
		t.Fatal(err)
	}
	unlock, err := p.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*lockPoll)
	defer cancel()
	start := time.Now()
	if _, err := (fileProfile{file: link}).lock(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that of the context", err)
	}
	if waited := time.Since(start); waited > time.Second {
		t.Errorf("waited %s", waited)
	}
	unlock()
	if unlock, err = p.lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	unlock()
}
