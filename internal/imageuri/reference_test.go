package imageuri

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	sha256 = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	sha384 = "sha384:0123456789abcdef0123456789abcdef0123456789abcdef" +
		"0123456789abcdef0123456789abcdef0123456789abcdef"
	sha512 = "sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" +
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

func TestParse(t *testing.T) {
	t.Parallel()
	longTag, longPath := strings.Repeat("a", maxTagLength), strings.Repeat("a", maxPathLength)
	tests := map[string]Reference{
		// From a single part to all parts.
		"pytorch":           {Repository: "pytorch"},
		"pytorch:2.8":       {Repository: "pytorch", Tag: "2.8"},
		"pytorch@" + sha256: {Repository: "pytorch", Digest: sha256},
		"pai/pytorch:2.8":   {Namespace: "pai", Repository: "pytorch", Tag: "2.8"},
		"a/b/c/pytorch:2.8": {Namespace: "a/b/c", Repository: "pytorch", Tag: "2.8"},
		"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443/pai/team/pytorch:2.8@" + sha512: {
			Registry: "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443", Region: "cn-hangzhou", Network: "vpc",
			Namespace: "pai/team", Repository: "pytorch", Tag: "2.8", Digest: sha512,
		},

		// The first part is a registry.
		"registry.example.com/pai/x:1": {Registry: "registry.example.com", Namespace: "pai", Repository: "x", Tag: "1"},
		"registry.example.com/x":       {Registry: "registry.example.com", Repository: "x"},
		"docker.io/library/ubuntu":     {Registry: "docker.io", Namespace: "library", Repository: "ubuntu"},
		"Registry.Example.COM/x:1":     {Registry: "Registry.Example.COM", Repository: "x", Tag: "1"},
		"Registry:5000/x":              {Registry: "Registry:5000", Repository: "x"},
		"r:5000/x":                     {Registry: "r:5000", Repository: "x"},
		"localhost/x:1":                {Registry: "localhost", Repository: "x", Tag: "1"},
		"localhost:5000/pai/x:1":       {Registry: "localhost:5000", Namespace: "pai", Repository: "x", Tag: "1"},
		"localhost/localhost/x":        {Registry: "localhost", Namespace: "localhost", Repository: "x"},
		"127.0.0.1:5000/x:1":           {Registry: "127.0.0.1:5000", Repository: "x", Tag: "1"},
		"[::1]/x:1":                    {Registry: "[::1]", Repository: "x", Tag: "1"},
		"[2001:DB8::1]:5000/pai/x":     {Registry: "[2001:DB8::1]:5000", Namespace: "pai", Repository: "x"},
		"x:1/y":                        {Registry: "x:1", Repository: "y"}, // a colon before the first slash precedes a port

		// The first part is not a registry: it is the only part, or it contains neither a dot nor a colon.
		"localhost":                 {Repository: "localhost"},
		"localhost:5000":            {Repository: "localhost", Tag: "5000"},
		"registry.example.com":      {Repository: "registry.example.com"},
		"registry.example.com:5000": {Repository: "registry.example.com", Tag: "5000"},
		"localhosts/x":              {Namespace: "localhosts", Repository: "x"},
		"pai/localhost/x":           {Namespace: "pai/localhost", Repository: "x"},
		"pai/registry.example.com":  {Namespace: "pai", Repository: "registry.example.com"},
		"pai_team/x":                {Namespace: "pai_team", Repository: "x"},

		// Unusual but valid.
		"a__b/c---d.e_f:PAI_1.0-":          {Namespace: "a__b", Repository: "c---d.e_f", Tag: "PAI_1.0-"},
		"x:_":                              {Repository: "x", Tag: "_"},
		"x:" + longTag:                     {Repository: "x", Tag: longTag},
		"x:1@" + sha384:                    {Repository: "x", Tag: "1", Digest: sha384},
		longPath + ":1":                    {Repository: longPath, Tag: "1"},
		"p/" + longPath[2:]:                {Namespace: "p", Repository: longPath[2:]},
		"registry.example.com/" + longPath: {Registry: "registry.example.com", Repository: longPath},
		"sha256:" + longTag[:64]:           {Repository: "sha256", Tag: longTag[:64]}, // not a digest: no "@"
	}
	for uri, want := range tests {
		t.Run(uri, func(t *testing.T) {
			t.Parallel()
			checkParse(t, uri, want)
			checkInvariants(t, uri)
		})
	}
}

// TestParseRealURIs parses URIs that PAI publishes. A script that shares no code with this package computed the
// expected parts.
func TestParseRealURIs(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/image_uris.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	reader := csv.NewReader(file)
	reader.Comma = '\t'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 2 {
		t.Fatalf("got %d rows, want a header and URIs", len(rows))
	}
	for _, row := range rows[1:] {
		checkParse(t, row[0], Reference{
			Registry: row[1], Region: row[2], Network: row[3],
			Namespace: row[4], Repository: row[5], Tag: row[6], Digest: row[7],
		})
		checkInvariants(t, row[0])
		if !split(row[0]).isOrdinary() {
			t.Errorf("%q is not ordinary, so Parse is slow", row[0])
		}
	}
}

func TestFullName(t *testing.T) {
	t.Parallel()
	const name = "dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/pytorch"
	tests := map[string]string{
		name:                                name,
		name + ":2.8":                       name,
		name + "@" + sha256:                 name,
		name + ":2.8@" + sha256:             name,
		"Registry.Example.COM:5000/a/b/c:1": "Registry.Example.COM:5000/a/b/c",
		"localhost/x:1":                     "localhost/x",
		"pai/pytorch:2.8":                   "pai/pytorch",
		"pytorch:2.8":                       "pytorch",
	}
	for uri, want := range tests {
		ref, err := Parse(uri)
		if err != nil {
			t.Fatal(err)
		}
		if got := ref.FullName(); got != want {
			t.Errorf("full name of %s: got %s, want %s", uri, got, want)
		}
	}
}

func checkParse(t *testing.T, uri string, want Reference) {
	t.Helper()
	got, err := Parse(uri)
	if err != nil {
		t.Fatalf("%q: %v", uri, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q (-want +got):\n%s", uri, diff)
	}
}
