package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
)

// unpack creates a folder and extracts the files of an archive into it, with their modes. Archives of a release contain
// no folders, so unpack returns an error if the name of a file contains one.
func unpack(archive, folder string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer reader.Close()                               //nolint:errcheck // opened only for reading
	if err := os.MkdirAll(folder, 0o750); err != nil { //nolint:gosec // the caller sets the folder
		return err
	}
	target, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer target.Close() //nolint:errcheck // its files are closed separately
	for _, file := range reader.File {
		if path.Base(file.Name) != file.Name {
			return fmt.Errorf("%s contains %q, which is not a plain file name", archive, file.Name)
		}
		if err := unpackFile(file, target); err != nil {
			return err
		}
	}
	return nil
}

func unpackFile(file *zip.File, target *os.Root) error {
	content, err := file.Open()
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // opened only for reading
	unpacked, err := target.OpenFile(file.Name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, file.Mode())
	if err != nil {
		return err
	}
	_, err = io.Copy(unpacked, content) //nolint:gosec // the archive was built from this checkout
	return errors.Join(err, unpacked.Close())
}
