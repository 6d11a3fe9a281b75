// Package imageuri reads the URIs of container images.
package imageuri

import (
	_ "crypto/sha256" // a reference with a digest is only read where its hash is linked in
	_ "crypto/sha512" // as above

	"github.com/distribution/reference"
)

// Tag gives the tag of an image's URI, such as `2.8.0-gpu` of `registry.example.com/pai/pytorch:2.8.0-gpu`, and whether
// there is one. A text that is no image reference has none.
func Tag(uri string) (string, bool) {
	parsed, err := reference.Parse(uri)
	if err != nil {
		return "", false
	}
	tagged, ok := parsed.(reference.Tagged)
	if !ok {
		return "", false
	}
	return tagged.Tag(), true
}
