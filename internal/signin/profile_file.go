package signin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
)

const (
	// lockPoll is the time between two attempts to lock a file.
	lockPoll = 20 * time.Millisecond

	// maxUpdates is how often updateFile starts again because another program has changed the file.
	maxUpdates = 10
)

// byteOrderMark is at the start of UTF-8 files of some editors on Windows.
var byteOrderMark = []byte("\xef\xbb\xbf")

// errFileChanged is returned by replaceFile if another program has changed the file.
var errFileChanged = errors.New("another program has changed the file")

// lock waits until no other process of the provider changes the file of the profile. It uses a lock of the operating
// system, which ends with the process, on a file beside the profile's. That file remains, because to remove it would be
// a race. The lock can't be on the profile's file itself, because each update replaces that file.
func (p fileProfile) lock(ctx context.Context) (unlock func(), err error) {
	file, err := filepath.EvalSymlinks(p.file)
	if err != nil {
		return nil, err
	}
	lock := flock.New(file + ".lock")
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil
}

// read returns the members of the profile in its file.
func (p fileProfile) read() (cliProfile, error) {
	content, err := os.ReadFile(p.file)
	if err != nil {
		return nil, safeErrorf("read the credentials: %w", err)
	}
	config := make(map[string]any)
	if err := json.Unmarshal(bytes.TrimPrefix(content, byteOrderMark), &config); err != nil {
		return nil, safeErrorf("%s is no longer valid JSON", p.file)
	}
	return p.find(config)
}

// find returns the members of the profile in the content of its file.
func (p fileProfile) find(config map[string]any) (cliProfile, error) {
	profiles, _ := config["profiles"].([]any)
	for _, value := range profiles {
		if members, ok := value.(map[string]any); ok && cliProfile(members).stringMember("name") == p.name {
			return members, nil
		}
	}
	return nil, safeErrorf("%s has no profile %q any more", p.file, p.name)
}

// updateFile sets the members of the profile that change returns for its current members. It keeps all other members,
// but may change their order. If another program changes the file at the same time, it starts again with the new
// content. Callers hold the lock, which the CLI doesn't know.
func (p fileProfile) updateFile(change func(current cliProfile) map[string]any) error {
	file, err := filepath.EvalSymlinks(p.file) // so that a symbolic link remains one
	if err != nil {
		return err
	}
	for range maxUpdates {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		updated, err := p.withMembers(content, change)
		if err != nil {
			return err
		}
		if err := replaceFile(file, content, updated); !errors.Is(err, errFileChanged) {
			return err
		}
	}
	return errFileChanged
}

// withMembers returns the content of the file with the members that change returns.
func (p fileProfile) withMembers(content []byte, change func(cliProfile) map[string]any) ([]byte, error) {
	var config map[string]any
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(content, byteOrderMark)))
	decoder.UseNumber() // keeps numbers that float64 can't represent
	if err := decoder.Decode(&config); err != nil {
		return nil, errors.New("the file is no longer valid JSON")
	}
	members, err := p.find(config)
	if err != nil {
		return nil, err
	}
	maps.Copy(members, change(maps.Clone(members)))
	var updated bytes.Buffer
	encoder := json.NewEncoder(&updated)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	err = encoder.Encode(config)
	return updated.Bytes(), err
}

// checkWritable replaces the file by itself, so that a later update is likely to succeed: that fails on a full disk, in
// a folder without write permission, and if the file is a mount point.
func (p fileProfile) checkWritable() error {
	file, err := filepath.EvalSymlinks(p.file)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return replaceFile(file, content, content)
}

// replaceFile replaces the content of a file. It renames a temporary file, so that no program reads a partial file. It
// returns errFileChanged if the content is no longer the previous one.
func replaceFile(file string, previous, content []byte) (err error) {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(info.Mode().Perm()), temporary.Sync(), temporary.Close())
	if err != nil {
		return err
	}
	current, err := os.ReadFile(file) //nolint:gosec // the user selected the file
	if err != nil || !slices.Equal(current, previous) {
		return errors.Join(errFileChanged, err)
	}
	return os.Rename(temporary.Name(), file)
}
