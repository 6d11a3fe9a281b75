package selection

import (
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

// InRepository reports whether the repository has the name: the last element of its path, such as `pytorch`, or more of
// the URI, such as `pai/pytorch`.
func (p *ParsedImage) InRepository(name string) bool {
	return p.Reference.Repository != "" && strings.HasSuffix("/"+p.Reference.FullName(), "/"+name)
}
