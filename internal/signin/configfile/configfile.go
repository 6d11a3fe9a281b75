// Package configfile updates the configuration file of the Alibaba Cloud CLI, which other programs also update.
//
// Only one process of the provider at a time updates the file, because callers hold Lock. The CLI doesn't use this lock
// and can replace the file at any time. So Update compares the content before it replaces the file.
package configfile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	// lockPoll is the time between two attempts to lock a file.
	lockPoll = 20 * time.Millisecond

	// maxUpdates is how often Update starts again because another program has changed the file.
	maxUpdates = 10
)

// ErrChanged is returned by Update if other programs keep changing the file.
var ErrChanged = errors.New("another program has changed the file")

// byteOrderMark is at the start of UTF-8 files of some editors on Windows.
var byteOrderMark = []byte("\xef\xbb\xbf")

// TrimMark returns the content without a byte order mark at its start.
func TrimMark(content []byte) []byte { return bytes.TrimPrefix(content, byteOrderMark) }

// Lock waits until no other process of the provider holds the lock of the file, or until ctx ends. The operating system
// releases the lock when the process ends. Updates replace the file, so Lock locks another file beside it. That file is
// never removed, because another process may be about to lock it.
func Lock(ctx context.Context, file string) (unlock func(), err error) {
	file, err = filepath.EvalSymlinks(file) // so that all links to a file have the same lock
	if err != nil {
		return nil, err
	}
	lock := flock.New(file + ".lock")
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil
}

// Update calls change with the JSON of the file, and replaces the file with the result. If another program changes the
// file at the same time, Update starts again with the new content. It keeps all members that change doesn't set, but
// may change their order. Callers hold the lock.
func Update(file string, change func(config map[string]any) error) error {
	file, err := filepath.EvalSymlinks(file) // so that a symbolic link remains one
	if err != nil {
		return err
	}
	for range maxUpdates {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		updated, err := edit(content, change)
		if err != nil {
			return err
		}
		if err := replace(file, content, updated); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return ErrChanged
}

// edit calls change with the JSON in content, and returns the result as JSON.
func edit(content []byte, change func(config map[string]any) error) ([]byte, error) {
	var config map[string]any
	decoder := json.NewDecoder(bytes.NewReader(TrimMark(content)))
	decoder.UseNumber() // keeps numbers that float64 can't represent
	if err := decoder.Decode(&config); err != nil {
		return nil, errors.New("the file is no longer valid JSON") // the decoder's error may repeat a part of the file
	}
	if err := change(config); err != nil {
		return nil, err
	}
	var updated bytes.Buffer
	encoder := json.NewEncoder(&updated)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	err := encoder.Encode(config)
	return updated.Bytes(), err
}

// CheckWritable replaces the file with a copy. If this succeeds, a later update probably succeeds, too. It fails on a
// full disk, in a folder without write permission, and if the file is a mount point.
func CheckWritable(file string) error {
	file, err := filepath.EvalSymlinks(file)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return replace(file, content, content)
}

// replace replaces the content of a file. It renames a temporary file, so that no program reads a partial file. It
// returns ErrChanged if the file no longer contains previous.
func replace(file string, previous, content []byte) (err error) {
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
	if err != nil || !bytes.Equal(current, previous) {
		return errors.Join(ErrChanged, err)
	}
	return os.Rename(temporary.Name(), file)
}
