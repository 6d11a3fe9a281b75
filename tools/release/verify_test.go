package main

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestReleaseFiles: the names are those that registries ask for.
func TestReleaseFiles(t *testing.T) {
	t.Parallel()
	names, err := releaseFiles(os.DirFS("../.."), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	if names.sums != "terraform-provider-pai_1.2.3_SHA256SUMS" || names.manifest != "terraform-provider-pai_1.2.3_manifest.json" ||
		names.binary != "terraform-provider-pai_v1.2.3" || !slices.Contains(names.archives, "terraform-provider-pai_1.2.3_linux_amd64.zip") {
		t.Errorf("%+v", names)
	}
}

// TestReleaseFilesHaveTheManifest: it is summed up, and it is handed over.
func TestReleaseFilesHaveTheManifest(t *testing.T) {
	t.Parallel()
	config := string(read(t, "../../.goreleaser.yml"))
	for name, spoilt := range map[string]string{
		"not handed over": config[:strings.LastIndex(config, "  extra_files:")],
		"another name":    strings.Replace(config, "_manifest.json", ".json", 1),
		"another file":    strings.Replace(config, "glob: terraform-registry", "glob: registry", 1),
	} {
		checkout := fstest.MapFS{".goreleaser.yml": &fstest.MapFile{Data: []byte(spoilt)}}
		if _, err := releaseFiles(checkout, "1.2.3"); err == nil || !strings.Contains(err.Error(), "summed up and handed over") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPlatforms: what a release is made for is what `make cross` compiles, tests and all.
func TestPlatforms(t *testing.T) {
	t.Parallel()
	_, after, _ := strings.Cut(string(read(t, "../../GNUmakefile")), "\nPLATFORMS = ")
	compiled, _, _ := strings.Cut(after, "\n")
	names, err := releaseFiles(os.DirFS("../.."), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var released []string
	for _, archive := range names.archives {
		platform := strings.TrimSuffix(strings.TrimPrefix(archive, "terraform-provider-pai_1.2.3_"), ".zip")
		released = append(released, strings.Replace(platform, "_", "/", 1))
	}
	if want := strings.Join(released, " "); compiled != want {
		t.Errorf("GNUmakefile has PLATFORMS = %s, and .goreleaser.yml %s", compiled, want)
	}
}

// TestVerify: a release as it should be passes, and what is wrong with any other is said.
func TestVerify(t *testing.T) {
	t.Parallel()
	names := files{
		sums: "SUMS", manifest: "manifest.json", binary: "b_v1", archives: []string{"b_linux.zip", "b_windows.zip"}, sboms: []string{"b.cdx.json"},
	}
	for name, c := range map[string]struct {
		spoil func(dist string)
		says  string
	}{
		"good":                {func(string) {}, ""},
		"an archive is gone":  {func(d string) { remove(t, d, "b_linux.zip") }, "b_linux.zip"},
		"an SBOM is gone":     {func(d string) { remove(t, d, "b.cdx.json") }, "b.cdx.json"},
		"no sums":             {func(d string) { remove(t, d, "SUMS") }, "SUMS"},
		"a signature is gone": {func(d string) { remove(t, d, "SUMS.sig") }, "SUMS.sig"},
		"an SBOM's is empty":  {func(d string) { write(t, filepath.Join(d, "b.cdx.json.sig"), "") }, "b.cdx.json.sig is empty"},
		"another file":        {func(d string) { zipped(t, d, "b_linux.zip", "LICENSE", "b_v1") }, "has the sum"},
		"another manifest":    {func(d string) { write(t, filepath.Join(d, "../terraform-registry-manifest.json"), "{ }") }, "has the sum"},
		"another protocol": {func(d string) {
			write(t, filepath.Join(d, "../terraform-registry-manifest.json"), `{"version": 1, "metadata": {"protocol_versions": ["5.0"]}}`)
			sum(t, d, "b_linux.zip", "b_windows.zip")
		}, "name the protocol 6.0"},
		"one too many":            {func(d string) { zipped(t, d, "b_plan9.zip", "b_v1", "LICENSE") }, "3 archives instead of 2"},
		"the signature's own sum": {func(d string) { sum(t, d, "b_linux.zip", "b_windows.zip", "SUMS.sig") }, "no file of the release"},
		"a sum too many": {func(d string) {
			zipped(t, d, "b_plan9.zip", "b_v1", "LICENSE")
			sum(t, d, "b_linux.zip", "b_windows.zip", "b_plan9.zip")
		}, "no file of the release"},
		"no licence": {func(d string) {
			zipped(t, d, "b_linux.zip", "b_v1")
			sum(t, d, "b_linux.zip", "b_windows.zip")
		}, "b_linux.zip holds"},
		"another binary": {func(d string) {
			zipped(t, d, "b_linux.zip", "b_v2", "LICENSE")
			sum(t, d, "b_linux.zip", "b_windows.zip")
		}, "b_linux.zip holds"},
	} {
		checkout := t.TempDir()
		dist := filepath.Join(checkout, "dist")
		write(t, filepath.Join(dist, "../terraform-registry-manifest.json"), string(read(t, "../../terraform-registry-manifest.json")))
		for _, name := range []string{"b.cdx.json", "b.cdx.json.sig", "SUMS.sig"} {
			write(t, filepath.Join(dist, name), "{}")
		}
		zipped(t, dist, "b_linux.zip", "b_v1", "LICENSE")
		zipped(t, dist, "b_windows.zip", "b_v1.exe", "LICENSE")
		sum(t, dist, "b_linux.zip", "b_windows.zip")
		c.spoil(dist)
		err := verify(os.DirFS(checkout), "dist", names)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnpack: what is in an archive is in the folder, and what would lead elsewhere isn't.
func TestUnpack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	zipped(t, folder, "good.zip", "b_v1", "LICENSE")
	if err := unpack(filepath.Join(folder, "good.zip"), filepath.Join(folder, "a/b")); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(filepath.Join(folder, "a/b/b_v1")); err != nil || string(content) != "b_v1" {
		t.Errorf("%q, %v", content, err)
	}
	zipped(t, folder, "bad.zip", "../b_v1")
	if err := unpack(filepath.Join(folder, "bad.zip"), filepath.Join(folder, "c")); err == nil {
		t.Error("a file was put outside the folder")
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func remove(t *testing.T, dist, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dist, name)); err != nil {
		t.Fatal(err)
	}
}

// zipped writes an archive of files, each with its name as what is in it.
func zipped(t *testing.T, dist, name string, held ...string) {
	t.Helper()
	var text strings.Builder
	archive := zip.NewWriter(&text)
	for _, file := range held {
		in, err := archive.Create(file)
		if err == nil {
			_, err = in.Write([]byte(file))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dist, name), text.String())
}

// sum writes the sums of files, and that of the manifest.
func sum(t *testing.T, dist string, held ...string) {
	t.Helper()
	var text strings.Builder
	for _, name := range append(held, "manifest.json") {
		file := filepath.Join(dist, name)
		if name == "manifest.json" {
			file = filepath.Join(dist, "../terraform-registry-manifest.json")
		}
		fmt.Fprintf(&text, "%x  %s\n", sha256.Sum256(read(t, file)), name)
	}
	write(t, filepath.Join(dist, "SUMS"), text.String())
}
