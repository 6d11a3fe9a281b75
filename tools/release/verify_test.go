package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestReleaseFiles checks the names of the files that registries require.
func TestReleaseFiles(t *testing.T) {
	t.Parallel()
	names, err := releaseFiles(os.DirFS("../.."), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{names.sums, names.manifest, names.binary}
	want := []string{
		"terraform-provider-pai_1.2.3_SHA256SUMS",
		"terraform-provider-pai_1.2.3_manifest.json",
		"terraform-provider-pai_v1.2.3",
	}
	if !slices.Equal(got, want) || !slices.Contains(names.archives, "terraform-provider-pai_1.2.3_linux_amd64.zip") {
		t.Errorf("got %+v, want %q and an archive for linux_amd64", names, want)
	}
}

// TestLinkedVariables checks that a release sets no other variables with the linker, as acceptance tests do. They let
// the provider send requests for the metadata of the ECS instance to another address.
func TestLinkedVariables(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]string{
		"../../.goreleaser.yml": {"{{ .ModulePath }}/internal/build.Version", "{{ .ModulePath }}/internal/build.Commit"},
		"../build.sh":           {"$package.Address", "$package.Version", "$package.Commit"},
	} {
		var got []string
		for _, match := range regexp.MustCompile(`-X (.+?)=`).FindAllStringSubmatch(string(readFile(t, file)), -1) {
			got = append(got, match[1])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the linker sets %q, want %q", file, got, want)
		}
	}
	for _, file := range []string{"../../.goreleaser.yml", "../../GNUmakefile", "../install.sh", "release.sh"} {
		if strings.Contains(string(readFile(t, file)), "PAI_TEST_LDFLAGS") {
			t.Errorf("%s sets PAI_TEST_LDFLAGS", file)
		}
	}
}

// TestReleaseFilesNeedManifest checks the error if the manifest is not both in the checksums and in the release.
func TestReleaseFilesNeedManifest(t *testing.T) {
	t.Parallel()
	config := string(readFile(t, "../../.goreleaser.yml"))
	for name, changed := range map[string]string{
		"not released": config[:strings.LastIndex(config, "  extra_files:")],
		"other name":   strings.Replace(config, "_manifest.json", ".json", 1),
		"other file":   strings.Replace(config, "glob: terraform-registry", "glob: registry", 1),
	} {
		checkout := fstest.MapFS{".goreleaser.yml": &fstest.MapFile{Data: []byte(changed)}}
		if _, err := releaseFiles(checkout, "1.2.3"); err == nil || !strings.Contains(err.Error(), "extra_files") {
			t.Errorf("%s: got %v, want an error about extra_files", name, err)
		}
	}
}

// TestPlatforms checks that `make cross` compiles for all platforms of a release.
func TestPlatforms(t *testing.T) {
	t.Parallel()
	_, after, _ := strings.Cut(string(readFile(t, "../../GNUmakefile")), "\nPLATFORMS = ")
	got, _, _ := strings.Cut(after, "\n")
	names, err := releaseFiles(os.DirFS("../.."), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var platforms []string
	for _, archive := range names.archives {
		platform := strings.TrimSuffix(strings.TrimPrefix(archive, "terraform-provider-pai_1.2.3_"), ".zip")
		platforms = append(platforms, strings.Replace(platform, "_", "/", 1))
	}
	if want := strings.Join(platforms, " "); got != want {
		t.Errorf("PLATFORMS in GNUmakefile: got %s, want %s, as in .goreleaser.yml", got, want)
	}
}

// TestVerify checks that verify accepts a correct release. It also checks that each change to the release causes an
// error that names the changed file.
func TestVerify(t *testing.T) {
	t.Parallel()
	names := files{
		sums: "SUMS", manifest: "manifest.json", binary: "b_v1",
		archives: []string{"b_linux.zip", "b_windows.zip"}, sboms: []string{"b.cdx.json"},
	}
	manifest := filepath.Join("..", manifestFile)
	for name, tt := range map[string]struct {
		change func(d release)
		want   string // part of the error; "" if there must be none
	}{
		"correct":                 {func(release) {}, ""},
		"archive missing":         {func(d release) { d.remove("b_linux.zip") }, "b_linux.zip"},
		"SBOM missing":            {func(d release) { d.remove("b.cdx.json") }, "b.cdx.json"},
		"checksums missing":       {func(d release) { d.remove("SUMS") }, "SUMS"},
		"signature missing":       {func(d release) { d.remove("SUMS.sig") }, "SUMS.sig"},
		"SBOM signature empty":    {func(d release) { d.write("b.cdx.json.sig", "") }, "b.cdx.json.sig"},
		"archive changed":         {func(d release) { d.zip("b_linux.zip", "LICENSE", "b_v1") }, "checksum of b_linux.zip"},
		"manifest changed":        {func(d release) { d.write(manifest, "{ }") }, "checksum of manifest.json"},
		"archive unexpected":      {func(d release) { d.zip("b_plan9.zip", "b_v1", "LICENSE") }, "b_plan9.zip"},
		"checksum of a signature": {func(d release) { d.sum("b_linux.zip", "b_windows.zip", "SUMS.sig") }, "SUMS.sig"},
		"protocol": {func(d release) {
			d.write(manifest, `{"version": 1, "metadata": {"protocol_versions": ["5.0"]}}`)
			d.sum("b_linux.zip", "b_windows.zip")
		}, "protocol 6.0"},
		"checksum unexpected": {func(d release) {
			d.zip("b_plan9.zip", "b_v1", "LICENSE")
			d.sum("b_linux.zip", "b_windows.zip", "b_plan9.zip")
		}, "b_plan9.zip"},
		"licence missing": {func(d release) {
			d.zip("b_linux.zip", "b_v1")
			d.sum("b_linux.zip", "b_windows.zip")
		}, "b_linux.zip contains"},
		"other binary": {func(d release) {
			d.zip("b_linux.zip", "b_v2", "LICENSE")
			d.sum("b_linux.zip", "b_windows.zip")
		}, "b_linux.zip contains"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkout := t.TempDir()
			d := release{t, filepath.Join(checkout, "dist")}
			d.write(manifest, string(readFile(t, filepath.Join("../..", manifestFile))))
			for _, file := range []string{"b.cdx.json", "b.cdx.json.sig", "SUMS.sig"} {
				d.write(file, "{}")
			}
			d.zip("b_linux.zip", "b_v1", "LICENSE")
			d.zip("b_windows.zip", "b_v1.exe", "LICENSE")
			d.sum("b_linux.zip", "b_windows.zip")
			tt.change(d)
			err := verify(os.DirFS(checkout), "dist", names)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestUnpack(t *testing.T) {
	t.Parallel()
	d := release{t, t.TempDir()}
	d.zip("good.zip", "b_v1", "LICENSE")
	if err := unpack(filepath.Join(d.folder, "good.zip"), filepath.Join(d.folder, "a/b")); err != nil {
		t.Fatal(err)
	}
	if got := string(readFile(t, filepath.Join(d.folder, "a/b/b_v1"))); got != "b_v1" {
		t.Errorf("content: got %q, want b_v1", got)
	}
	d.zip("bad.zip", "../b_v1")
	if err := unpack(filepath.Join(d.folder, "bad.zip"), filepath.Join(d.folder, "c")); err == nil {
		t.Error("a name outside the folder is no error")
	}
}

// release is a folder with the files of a release.
type release struct {
	t      *testing.T
	folder string
}

func (r release) write(name, content string) {
	r.t.Helper()
	file := filepath.Join(r.folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r release) remove(name string) {
	r.t.Helper()
	if err := os.Remove(filepath.Join(r.folder, name)); err != nil {
		r.t.Fatal(err)
	}
}

// zip writes an archive with the given files. The content of each file is its name.
func (r release) zip(name string, files ...string) {
	r.t.Helper()
	var content bytes.Buffer
	archive := zip.NewWriter(&content)
	for _, file := range files {
		w, err := archive.Create(file)
		if err == nil {
			_, err = w.Write([]byte(file))
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		r.t.Fatal(err)
	}
	r.write(name, content.String())
}

// sum writes a file with the checksums of the given files and of the manifest.
func (r release) sum(names ...string) {
	r.t.Helper()
	var sums strings.Builder
	for _, name := range names {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(readFile(r.t, filepath.Join(r.folder, name))), name)
	}
	manifest := readFile(r.t, filepath.Join(r.folder, "..", manifestFile))
	fmt.Fprintf(&sums, "%x  manifest.json\n", sha256.Sum256(manifest))
	r.write("SUMS", sums.String())
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
