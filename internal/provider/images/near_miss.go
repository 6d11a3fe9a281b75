package images

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// hclWith returns the filter in HCL, with another value in HCL for its text.
func (f *filter) hclWith(value string) string {
	quoted := hcltext.Quote(f.text)
	before, after := f.value, ""
	if i := strings.LastIndex(f.value, quoted); i >= 0 {
		before, after = f.value[:i], f.value[i+len(quoted):]
	}
	return f.argument + " = " + before + value + after
}

// twin is an image with the repository, the tag and the digest of a URI, but another URI.
type twin struct {
	uri   string
	rank  int    // lower for a twin that differs less
	other string // what differs
}

// describeTwin returns a sentence and a line about the image whose URI differs least, with a space before them. The
// line has that URI in HCL. describeTwin returns "" if no image has the repository and the tag of the URI.
func describeTwin(uri string, images []pai.Image) string {
	wanted, err := imageuri.Parse(uri)
	if err != nil {
		return ""
	}
	var twins []twin
	for i := range images {
		if images[i].ImageURI == nil || len(*images[i].ImageURI) > maxURILength {
			continue
		}
		actual, err := imageuri.Parse(*images[i].ImageURI)
		if err == nil && actual != wanted && actual.Repository == wanted.Repository && actual.Tag == wanted.Tag &&
			actual.Digest == wanted.Digest {
			twins = append(twins, newTwin(*images[i].ImageURI, wanted, actual))
		}
	}
	if twins == nil {
		return ""
	}
	nearest := slices.MinFunc(twins, func(a, b twin) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(a.uri, b.uri))
	})
	return fmt.Sprintf(" The same repository and tag are listed with another %s:\n    image_uri = %s",
		nearest.other, hcltext.Quote(nearest.uri))
}

// newTwin compares the wanted reference with the one of a twin.
func newTwin(uri string, wanted, actual imageuri.Reference) twin {
	t := twin{uri: uri}
	var others []string
	add := func(rank int, name, want, got string) {
		t.rank += rank
		others = append(others, fmt.Sprintf("%s (%s instead of %s)", name, cmp.Or(got, "none"), cmp.Or(want, "none")))
	}
	renamed := actual
	renamed.Namespace = wanted.Namespace
	isSameRegistry := renamed.Family() == wanted.Family()
	if isSameRegistry && actual.Network != wanted.Network {
		add(1, "network", wanted.Network, actual.Network)
	}
	if isSameRegistry && actual.Region != wanted.Region {
		add(2, "region", wanted.Region, actual.Region)
	}
	switch {
	case !isSameRegistry:
		add(4, "registry", wanted.Registry, actual.Registry)
	case others == nil && actual.Registry != wanted.Registry: // for example in another case
		add(0, "registry", wanted.Registry, actual.Registry)
	}
	if actual.Namespace != wanted.Namespace {
		add(8, "namespace", wanted.Namespace, actual.Namespace)
	}
	t.other = strings.Join(others, " and another ")
	return t
}

// filtersLabelValue reports whether the text of the filter is the value of a label.
func (f *filter) filtersLabelValue() bool { return f.label != "" && f.framework == "" }

// hasWildcard reports whether the filter contains a wildcard, which the API doesn't support. The whole value of a label
// may be pai.AnyValue, but its key may not contain a wildcard.
func (f *filter) hasWildcard() bool {
	isAnyValue := f.text == pai.AnyValue && f.filtersLabelValue()
	return f.parameter != "" && (strings.Contains(f.text, "*") && !isAnyValue || strings.Contains(f.label, "*"))
}

// wildcardAdvice returns sentences about the wildcards of the filter, and what to use instead.
func (fs filters) wildcardAdvice(f *filter) string {
	const advice = "To match a pattern of the image's name, use `name_regex`."
	if f.filtersLabelValue() {
		return "`" + f.argument + "` has no wildcards, except that the value `*` matches any value. " + advice
	}
	suggestPattern := f.argument == "name" && !fs.hasArgument("name_regex")
	return lookup.WildcardAdvice(f.argument, f.text, suggestPattern, advice)
}

// addWildcardWarnings adds a warning for each filter with a wildcard. It is called if the API returned no images.
func (fs filters) addWildcardWarnings(diags *diag.Diagnostics) {
	for i := range fs {
		if f := &fs[i]; f.hasWildcard() {
			lookup.AddWildcardWarning(diags, f.path, "image", f.reference(), fs.wildcardAdvice(f))
		}
	}
}
