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

// files holds the names of the files of a release. Registries require these names:
// https://developer.hashicorp.com/terraform/registry/providers/publishing#manually-preparing-a-release
type files struct {
	sums, manifest, binary string
	archives, sboms        []string
}

// extraFile is a file of a release that GoReleaser copies instead of building it.
type extraFile struct {
	Glob string
	Name string `yaml:"name_template"`
}

// manifestFile is the name of the manifest in the checkout. A release contains the manifest under another name.
const manifestFile = "terraform-registry-manifest.json"

// releaseFiles returns the names of a version's files, for the platforms in GoReleaser's configuration. It returns an
// error unless that configuration includes the manifest both in the checksums and in the release.
func releaseFiles(checkout fs.FS, version string) (files, error) {
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
	if err != nil {
		return files{}, err
	}
	if err := yaml.Unmarshal(content, &settings); err != nil {
		return files{}, fmt.Errorf("parse %s: %w", config, err)
	}
	if len(settings.Builds) != 1 || len(settings.Builds[0].Targets) == 0 {
		return files{}, fmt.Errorf("%s: want one build with targets", config)
	}
	manifest := []extraFile{{manifestFile, "{{ .ProjectName }}_{{ .Version }}_manifest.json"}}
	if !slices.Equal(settings.Checksum.Extra, manifest) || !slices.Equal(settings.Release.Extra, manifest) {
		return files{}, fmt.Errorf("%s: want extra_files %v in both checksum and release", config, manifest)
	}
	prefix := settings.ProjectName + "_" + version + "_"
	names := files{
		sums: prefix + "SHA256SUMS", manifest: prefix + "manifest.json", binary: settings.ProjectName + "_v" + version,
	}
	for _, target := range settings.Builds[0].Targets {
		names.archives = append(names.archives, prefix+target+".zip")
		names.sboms = append(names.sboms, prefix+target+".cdx.json")
	}
	return names, nil
}

// verify checks the files of a release. It returns an error if a file is missing or unexpected, if a checksum is wrong,
// if an archive contains anything but the binary and the licence, or if a signature is missing. It doesn't check
// whether signatures are valid; tools/sign does.
func verify(checkout fs.FS, dist string, names files) error {
	type verifier func(checkout fs.FS, dist string, names files) error
	for _, step := range []verifier{verifySums, verifyManifest, verifySignatures, verifyArchives} {
		if err := step(checkout, dist, names); err != nil {
			return err
		}
	}
	return nil
}

// verifySums checks the file of checksums. It reads the manifest from the root folder of the checkout, because
// GoReleaser doesn't copy the manifest to the folder of the release.
func verifySums(checkout fs.FS, dist string, names files) error {
	content, err := fs.ReadFile(checkout, path.Join(dist, names.sums))
	if err != nil {
		return err
	}
	sums := make(map[string]string)
	for line := range strings.Lines(string(content)) {
		if sum, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			sums[name] = sum
		}
	}
	want := slices.Concat(names.archives, []string{names.manifest})
	for name := range sums {
		if !slices.Contains(want, name) {
			return fmt.Errorf("%s: unexpected file %s", names.sums, name)
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
			return fmt.Errorf("%s: checksum of %s is %q, want %x", names.sums, name, sums[name], sum)
		}
	}
	return nil
}

// verifyManifest checks the protocol version in the manifest.
func verifyManifest(checkout fs.FS, _ string, _ files) error {
	var manifest struct {
		Version  int
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		}
	}
	content, err := fs.ReadFile(checkout, manifestFile)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, &manifest); err != nil {
		return fmt.Errorf("parse %s: %w", manifestFile, err)
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.Protocols, []string{"6.0"}) {
		return fmt.Errorf("%s: want version 1 and protocol 6.0, got %s", manifestFile, content)
	}
	return nil
}

func verifySignatures(checkout fs.FS, dist string, names files) error {
	for _, signed := range slices.Concat(names.sboms, []string{names.sums}) {
		for _, name := range []string{signed, signed + ".sig"} {
			file, err := fs.Stat(checkout, path.Join(dist, name))
			if err != nil {
				return err
			}
			if file.Size() == 0 {
				return fmt.Errorf("%s is empty", name)
			}
		}
	}
	return nil
}

func verifyArchives(checkout fs.FS, dist string, names files) error {
	archives, err := fs.Glob(checkout, path.Join(dist, "*.zip"))
	if err != nil {
		return err
	}
	if len(archives) != len(names.archives) {
		return fmt.Errorf("got %d archives, want %d: %q", len(archives), len(names.archives), archives)
	}
	for _, name := range names.archives {
		content, err := fs.ReadFile(checkout, path.Join(dist, name))
		if err != nil {
			return err
		}
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return fmt.Errorf("open %s: %w", name, err)
		}
		var got []string
		for _, file := range archive.File {
			got = append(got, strings.TrimSuffix(file.Name, ".exe"))
		}
		slices.Sort(got)
		if want := []string{"LICENSE", names.binary}; !slices.Equal(got, want) {
			return fmt.Errorf("%s contains %q, want %q", name, got, want)
		}
	}
	return nil
}
