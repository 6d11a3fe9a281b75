package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
)

// unpack puts the files of an archive into a folder, which is made, with the modes that they have in it. Archives of ours have no
// folders; names that lead elsewhere are refused.
func unpack(archive, folder string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer reader.Close()                               //nolint:errcheck // nothing was written to it
	if err := os.MkdirAll(folder, 0o750); err != nil { //nolint:gosec // the caller's own choice
		return err
	}
	into, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer into.Close() //nolint:errcheck // what was written to it is closed by itself
	for _, file := range reader.File {
		if path.Base(file.Name) != file.Name {
			return fmt.Errorf("%s holds %q", archive, file.Name)
		}
		if err := unpackFile(file, into); err != nil {
			return err
		}
	}
	return nil
}

func unpackFile(file *zip.File, into *os.Root) error {
	content, err := file.Open()
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // nothing was written to it
	unpacked, err := into.OpenFile(file.Name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, file.Mode())
	if err != nil {
		return err
	}
	_, err = io.Copy(unpacked, content) //nolint:gosec // an archive that this checkout made
	return errors.Join(err, unpacked.Close())
}
