package imageuri

import (
	"slices"
	"strings"
	"testing"

	"github.com/distribution/reference"
	"pgregory.net/rapid"
)

// FuzzParse checks the invariants of Parse. The corpus has a URI of each form, and many URIs that are nearly valid.
func FuzzParse(f *testing.F) {
	f.Fuzz(checkInvariants)
}

// TestParseReturnsJoinedParts joins random valid parts and parses the result. The fuzzer alone rarely finds a digest.
func TestParseReturnsJoinedParts(t *testing.T) {
	t.Parallel()
	const word = `[a-z0-9]+(([._]|__|-+)[a-z0-9]+){0,2}`
	label := rapid.StringMatching(`[a-zA-Z0-9]([a-zA-Z0-9-]{0,9}[a-zA-Z0-9])?`)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name, pattern string) string { return rapid.StringMatching(pattern).Draw(t, name) }
		want := Reference{
			Namespace:  draw("namespace", `(`+word+`(/`+word+`){0,2})?`),
			Repository: draw("repository", word),
			Tag:        draw("tag", `([a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?`),
			Digest:     draw("digest", `(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})?`),
		}
		switch rapid.IntRange(0, 3).Draw(t, "registry") {
		case 1: // a registry of Alibaba Cloud
			want.Region = draw("region", `[a-z]{2}(-[a-z0-9]{1,9}){1,3}`)
			want.Network = rapid.SampledFrom([]string{"public", "vpc", "internal"}).Draw(t, "network")
			prefix := draw("prefix", `([a-z0-9]{1,5}-)?registry`)
			if want.Network != "public" {
				prefix += "-" + want.Network
			}
			want.Registry = prefix + "." + want.Region + draw("domain", `((\.personal)?\.cr)?\.aliyuncs\.com(:[0-9]{1,5})?`)
		case 2: // a registry of another vendor
			labels := rapid.SliceOfN(label, 1, 4).Draw(t, "labels")
			want.Registry = strings.Join(labels, ".") + draw("suffix", `\.example|:[0-9]{1,5}`)
		case 3:
			want.Registry = draw("address", `localhost|\[[0-9a-fA-F]{0,4}:[0-9a-fA-F:]{1,9}\](:[0-9]{1,5})?`)
		}
		// Parse would read the start of this namespace as a registry.
		first, _, _ := strings.Cut(want.Namespace, "/")
		if want.Registry == "" && (strings.Contains(first, ".") || first == "localhost") {
			t.Skip("the namespace starts with a registry")
		}
		uri := joinParts(want)
		got, err := Parse(uri)
		if err != nil {
			t.Fatalf("%q: %v", uri, err)
		}
		if got != want {
			t.Errorf("%q: got %+v, want %+v", uri, got, want)
		}
	})
}

// checkInvariants checks the properties that Parse must have for every string, valid or not.
func checkInvariants(t *testing.T, uri string) {
	t.Helper()
	got, err := Parse(uri)
	if p := split(uri); p.isOrdinary() {
		if err := p.validate(); err != nil {
			t.Errorf("%q is ordinary, but the library returns %v", uri, err)
		}
	}
	first, _, hasSlash := strings.Cut(uri, "/")
	libraryRef, libraryErr := reference.Parse(uri)
	if err != nil {
		if got != (Reference{}) {
			t.Errorf("%q: got %+v with error %v, want an empty reference", uri, got, err)
		}
		if s := err.Error(); s == "" || strings.ContainsAny(s, "\r\n") || strings.HasSuffix(s, ".") {
			t.Errorf("%q: error %q does not follow the conventions for error values", uri, s)
		}
		// The library reads more first parts as hosts than Parse does, and doesn't count a host in the path's length.
		stricter := hasSlash &&
			(strings.ContainsAny(first, "_[") || first != strings.ToLower(first) || len(uri) > maxPathLength)
		if libraryErr == nil && !stricter {
			t.Errorf("%q: got error %v, but the library accepts the URI", uri, err)
		}
		return
	}
	if libraryErr != nil || libraryRef.String() != uri {
		t.Errorf("%q: got no error, but the library returns %v, %v", uri, libraryRef, libraryErr)
	}
	if joined := joinParts(got); joined != uri {
		t.Errorf("%q: the joined parts are %q", uri, joined)
	}
	if isHost := hasSlash && (first == "localhost" || strings.ContainsAny(first, ".:")); isHost != (got.Registry != "") {
		t.Errorf("%q: got registry %q", uri, got.Registry)
	}
	if got.Repository == "" || strings.ContainsAny(got.Repository, "/:@") || strings.ContainsAny(got.Namespace, ":@") {
		t.Errorf("%q: got namespace %q, repository %q", uri, got.Namespace, got.Repository)
	}
	if tagged, ok := libraryRef.(reference.Tagged); ok != (got.Tag != "") || ok && tagged.Tag() != got.Tag {
		t.Errorf("%q: got tag %q, but the library returns %v", uri, got.Tag, libraryRef)
	}
	checkHost(t, got)
	checkFamily(t, got)
}

// checkHost checks that the region is a label of the host. It also checks that only a host of Alibaba Cloud has a
// region and a network.
func checkHost(t *testing.T, got Reference) {
	t.Helper()
	name, _, _ := strings.Cut(strings.ToLower(got.Registry), ":")
	networks := []string{""}
	if strings.HasSuffix(name, ".aliyuncs.com") {
		networks = []string{"public", "vpc", "internal"}
	}
	if !slices.Contains(networks, got.Network) {
		t.Errorf("registry %q: got network %q", got.Registry, got.Network)
	}
	if got.Region != "" && (got.Network == "" || !slices.Contains(strings.Split(got.Registry, "."), got.Region)) {
		t.Errorf("registry %q: got region %q", got.Registry, got.Region)
	}
}

// checkFamily checks that the family does not depend on the tag, the digest and the region.
func checkFamily(t *testing.T, got Reference) {
	t.Helper()
	otherRegion := got
	if label := got.Region + "."; got.Region != "" {
		i := strings.LastIndex(got.Registry, label) // the last, because the instance's name may also contain the region
		otherRegion.Registry = got.Registry[:i] + "xx-elsewhere-9." + got.Registry[i+len(label):]
	}
	for _, uri := range []string{got.FullName(), got.FullName() + ":another", joinParts(otherRegion)} {
		other, err := Parse(uri)
		if err != nil {
			t.Errorf("%q: %v", uri, err)
		}
		if other.Family() != got.Family() {
			t.Errorf("%q has the family %q, but %q has %q", joinParts(got), got.Family(), uri, other.Family())
		}
	}
}

// joinParts joins the parts of the reference to a URI.
func joinParts(r Reference) string {
	uri := r.Repository
	if r.Namespace != "" {
		uri = r.Namespace + "/" + uri
	}
	if r.Registry != "" {
		uri = r.Registry + "/" + uri
	}
	if r.Tag != "" {
		uri += ":" + r.Tag
	}
	if r.Digest != "" {
		uri += "@" + r.Digest
	}
	return uri
}
