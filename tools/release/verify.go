package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// files are the names of a release's files as registries want them:
// https://developer.hashicorp.com/terraform/registry/providers/publishing#manually-preparing-a-release.
type files struct {
	sums, manifest, binary string
	archives, sboms        []string
}

// extraFile is one that GoReleaser doesn't make.
type extraFile struct {
	Glob string
	Name string `yaml:"name_template"`
}

// manifestFile is handed over under a name of its own.
const manifestFile = "terraform-registry-manifest.json"

// releaseFiles names the files of a version, for the platforms for which GoReleaser builds. The manifest has to be among those that are
// summed up and those that are handed over.
func releaseFiles(checkout fs.FS, version string) (names files, err error) {
	const config = ".goreleaser.yml"
	var settings struct {
		ProjectName string `yaml:"project_name"`
		Builds      []struct{ Targets []string }
		Checksum    struct {
			Extra []extraFile `yaml:"extra_files"`
		}
		Release struct {
			Extra []extraFile `yaml:"extra_files"`
		}
	}
	content, err := fs.ReadFile(checkout, config)
	if err == nil {
		err = yaml.Unmarshal(content, &settings)
	}
	if err != nil || len(settings.Builds) != 1 || len(settings.Builds[0].Targets) == 0 {
		return files{}, fmt.Errorf("%s names no one list of platforms (%w)", config, err)
	}
	manifest := []extraFile{{manifestFile, "{{ .ProjectName }}_{{ .Version }}_manifest.json"}}
	if !slices.Equal(settings.Checksum.Extra, manifest) || !slices.Equal(settings.Release.Extra, manifest) {
		return files{}, fmt.Errorf("%s doesn't have %v both summed up and handed over, and nothing else", config, manifest)
	}
	prefix := settings.ProjectName + "_" + version + "_"
	names = files{
		sums: prefix + "SHA256SUMS", manifest: prefix + "manifest.json", binary: settings.ProjectName + "_v" + version,
	}
	for _, target := range settings.Builds[0].Targets {
		names.archives = append(names.archives, prefix+target+".zip")
		names.sboms = append(names.sboms, prefix+target+".cdx.json")
	}
	return names, nil
}

// verify says what is wrong with a release: a name that is missing or too many, a sum that isn't the file's, an archive that holds
// something else than the binary and the licence, a file that needs a signature and has none; whether one is good, tools/sign says.
// GoReleaser leaves the manifest at the top of the checkout, so that is looked at there.
func verify(checkout fs.FS, dist string, names files) error {
	content, err := fs.ReadFile(checkout, path.Join(dist, names.sums))
	if err != nil {
		return err
	}
	sums := make(map[string]string)
	for line := range strings.Lines(string(content)) {
		if sum, name, is := strings.Cut(strings.TrimSpace(line), "  "); is {
			sums[name] = sum
		}
	}
	want := slices.Concat(names.archives, []string{names.manifest})
	for name := range sums {
		if !slices.Contains(want, name) {
			return fmt.Errorf("%s has %s, which is no file of the release", names.sums, name)
		}
	}
	for _, name := range want {
		file := path.Join(dist, name)
		if name == names.manifest {
			file = manifestFile
		}
		content, err := fs.ReadFile(checkout, file)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != sums[name] {
			return fmt.Errorf("%s has the sum %q for %s, which is %x", names.sums, sums[name], name, sum)
		}
	}
	if err := verifyManifest(checkout); err != nil {
		return err
	}
	for _, signed := range slices.Concat(names.sboms, []string{names.sums}) {
		for _, name := range []string{signed, signed + ".sig"} {
			if file, err := fs.Stat(checkout, path.Join(dist, name)); err != nil {
				return err
			} else if file.Size() == 0 {
				return fmt.Errorf("%s is empty", name)
			}
		}
	}
	return verifyArchives(checkout, dist, names)
}

// verifyManifest: CLIs are told that they get what this provider speaks.
func verifyManifest(checkout fs.FS) error {
	var manifest struct {
		Version  int
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		}
	}
	content, err := fs.ReadFile(checkout, manifestFile)
	if err == nil {
		err = json.Unmarshal(content, &manifest)
	}
	if err != nil || manifest.Version != 1 || !slices.Equal(manifest.Metadata.Protocols, []string{"6.0"}) {
		return fmt.Errorf("%s has to be of version 1 and name the protocol 6.0: %s (%w)", manifestFile, content, err)
	}
	return nil
}

func verifyArchives(checkout fs.FS, dist string, names files) error {
	there, err := fs.Glob(checkout, path.Join(dist, "*.zip"))
	if err != nil || len(there) != len(names.archives) {
		return fmt.Errorf("there are %d archives instead of %d: %q", len(there), len(names.archives), there)
	}
	for _, name := range names.archives {
		content, err := fs.ReadFile(checkout, path.Join(dist, name))
		if err != nil {
			return err
		}
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return err
		}
		var held []string
		for _, file := range archive.File {
			held = append(held, strings.TrimSuffix(file.Name, ".exe"))
		}
		slices.Sort(held)
		if want := []string{"LICENSE", names.binary}; !slices.Equal(held, want) {
			return fmt.Errorf("%s holds %q instead of %q", name, held, want)
		}
	}
	return nil
}
