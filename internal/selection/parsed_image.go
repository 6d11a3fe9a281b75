package selection

import (
	"cmp"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// ParsedImage is an image with the values that ParseImage reads from its URI and its labels.
type ParsedImage struct {
	Image     *pai.Image
	Reference imageuri.Reference // zero if the image has no valid URI
	Version   *Version           // nil if the image has no version
}

// ParseImage parses the URI and the version of an image. The version is the value of the framework's label, or if
// framework is empty, the start of the tag.
func ParseImage(image *pai.Image, framework string) ParsedImage {
	parsed := ParsedImage{Image: image}
	if image.ImageURI != nil {
		parsed.Reference, _ = imageuri.Parse(*image.ImageURI) // zero if the URI is invalid
	}
	text := parsed.Reference.Tag
	if framework != "" {
		text, _ = image.Label(pai.LabelFrameworkPrefix + framework)
	}
	parsed.Version = ParseVersion(text)
	return parsed
}

// Variant returns the tag without its version and without the identifier of a build, such as
// `gpu-py312-cu130-ubuntu24.04`. If the version is the value of a label, and the tag starts with another version, the
// variant contains the version of the tag. The variant of an image without a tag is its digest, or "(no tag)".
func (p *ParsedImage) Variant() string {
	if p.Reference.Tag == "" && p.Reference.Repository != "" {
		return cmp.Or(p.Reference.Digest, "(no tag)")
	}
	if v := ParseVersion(p.Reference.Tag); v != nil && p.Version != nil && v.Compare(p.Version) == 0 {
		return trimVariant(v.rest)
	}
	return trimVariant(p.Reference.Tag)
}

// InRepository reports whether the repository has the name: the last element of its path, such as `pytorch`, or more of
// the URI, such as `pai/pytorch`.
func (p *ParsedImage) InRepository(name string) bool {
	return p.Reference.Repository != "" && strings.HasSuffix("/"+p.Reference.FullName(), "/"+name)
}
