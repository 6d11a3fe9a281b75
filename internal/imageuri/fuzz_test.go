package imageuri

import (
	"slices"
	"strings"
	"testing"

	"github.com/distribution/reference"
	"pgregory.net/rapid"
)

// FuzzParse starts from testdata/fuzz/FuzzParse: one of each kind of URI, and of those that are nearly one.
func FuzzParse(f *testing.F) {
	f.Fuzz(checkInvariants)
}

// TestParseWhatIsJoined makes up parts, joins them, and gets them back. Left to itself the fuzzer hardly hits on a digest.
func TestParseWhatIsJoined(t *testing.T) {
	t.Parallel()
	const word = `[a-z0-9]+(([._]|__|-+)[a-z0-9]+){0,2}`
	label := rapid.StringMatching(`[a-zA-Z0-9]([a-zA-Z0-9-]{0,9}[a-zA-Z0-9])?`)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name, form string) string { return rapid.StringMatching(form).Draw(t, name) }
		want := Reference{
			Namespace:  draw("namespace", `(`+word+`(/`+word+`){0,2})?`),
			Repository: draw("repository", word),
			Tag:        draw("tag", `([a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?`),
			Digest:     draw("digest", `(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})?`),
		}
		switch rapid.IntRange(0, 3).Draw(t, "registry") {
		case 1: // Alibaba Cloud's
			want.Region = draw("region", `[a-z]{2}(-[a-z0-9]{1,9}){1,3}`)
			want.Network = rapid.SampledFrom([]string{"public", "vpc", "internal"}).Draw(t, "network")
			host := draw("host", `([a-z0-9]{1,5}-)?registry`)
			if want.Network != "public" {
				host += "-" + want.Network
			}
			want.Registry = host + "." + want.Region + draw("domain", `(\.cr)?\.aliyuncs\.com(:[0-9]{1,5})?`)
		case 2: // another's
			labels := rapid.SliceOfN(label, 1, 4).Draw(t, "labels")
			want.Registry = strings.Join(labels, ".") + draw("end", `\.example|:[0-9]{1,5}`)
		case 3:
			want.Registry = draw("address", `localhost|\[[0-9a-fA-F]{0,4}:[0-9a-fA-F:]{1,9}\](:[0-9]{1,5})?`)
		}
		// Without a registry, a first part that looks like one would be one.
		first, _, _ := strings.Cut(want.Namespace, "/")
		if want.Registry == "" && (strings.Contains(first, ".") || first == "localhost") {
			t.Skip("a namespace that is a registry")
		}
		uri := join(want)
		got, err := Parse(uri)
		if err != nil {
			t.Fatalf("%q: %v", uri, err)
		}
		if got != want {
			t.Errorf("%q became %+v, want %+v", uri, got, want)
		}
	})
}

// checkInvariants says what holds for any text, be it a URI or not.
func checkInvariants(t *testing.T, uri string) {
	t.Helper()
	got, err := Parse(uri)
	first, _, hasSlash := strings.Cut(uri, "/")
	parsed, libraryErr := reference.Parse(uri)
	if err != nil {
		if got != (Reference{}) {
			t.Errorf("%q: %+v beside the error %v", uri, got, err)
		}
		if text := err.Error(); text == "" || strings.ContainsAny(text, "\r\n") || strings.HasSuffix(text, ".") {
			t.Errorf("%q: the error is %q, which doesn't fit into a sentence", uri, text)
		}
		// The library takes a first part for a host where we don't, and has no limit to it.
		ours := hasSlash && (strings.ContainsAny(first, "_[") || first != strings.ToLower(first) || len(uri) > longestPath)
		if libraryErr == nil && !ours {
			t.Errorf("%q: %v, but the library takes it", uri, err)
		}
		return
	}
	if libraryErr != nil || parsed.String() != uri {
		t.Errorf("%q: parsed, and the library says %v, %v", uri, parsed, libraryErr)
	}
	if joined := join(got); joined != uri {
		t.Errorf("%q: the parts joined again are %q", uri, joined)
	}
	if isHost := hasSlash && (first == "localhost" || strings.ContainsAny(first, ".:")); isHost != (got.Registry != "") {
		t.Errorf("%q: the registry is %q", uri, got.Registry)
	}
	if got.Repository == "" || strings.ContainsAny(got.Repository, "/:@") || strings.ContainsAny(got.Namespace, ":@") {
		t.Errorf("%q: the namespace is %q, the repository %q", uri, got.Namespace, got.Repository)
	}
	if tagged, is := parsed.(reference.Tagged); is != (got.Tag != "") || is && tagged.Tag() != got.Tag {
		t.Errorf("%q: the tag is %q, and the library says %v", uri, got.Tag, parsed)
	}
	checkLocation(t, got)
	checkNames(t, got)
}

// checkLocation: the region is a label of the host, and only Alibaba Cloud's hosts tell one.
func checkLocation(t *testing.T, got Reference) {
	t.Helper()
	host, _, _ := strings.Cut(strings.ToLower(got.Registry), ":")
	networks := []string{""}
	if strings.HasSuffix(host, ".aliyuncs.com") {
		networks = []string{"public", "vpc", "internal"}
	}
	if !slices.Contains(networks, got.Network) {
		t.Errorf("%q is in the network %q", got.Registry, got.Network)
	}
	if got.Region != "" && (got.Network == "" || !slices.Contains(strings.Split(got.Registry, "."), got.Region)) {
		t.Errorf("%q is in the region %q", got.Registry, got.Region)
	}
}

// checkNames: neither name knows the tag or the digest, and the family doesn't know the region either.
func checkNames(t *testing.T, got Reference) {
	t.Helper()
	elsewhere := got
	if label := got.Region + "."; got.Region != "" {
		at := strings.LastIndex(got.Registry, label) // an instance's name may have the region in it, too
		elsewhere.Registry = got.Registry[:at] + "xx-elsewhere-9." + got.Registry[at+len(label):]
	}
	for _, sibling := range []string{got.FullName(), got.FullName() + ":another", join(elsewhere)} {
		other, err := Parse(sibling)
		if err != nil {
			t.Errorf("%q: %v", sibling, err)
		}
		if other.Family() != got.Family() {
			t.Errorf("%q is of the family %q, %q of %q", join(got), got.Family(), sibling, other.Family())
		}
	}
}

func join(parts Reference) string {
	uri := parts.Repository
	if parts.Namespace != "" {
		uri = parts.Namespace + "/" + uri
	}
	if parts.Registry != "" {
		uri = parts.Registry + "/" + uri
	}
	if parts.Tag != "" {
		uri += ":" + parts.Tag
	}
	if parts.Digest != "" {
		uri += "@" + parts.Digest
	}
	return uri
}
