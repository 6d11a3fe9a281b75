package paisandbox

import (
	"slices"
	"strings"
)

// InRegion gives the images that the service lists in a region: the official ones of that region's own registries, and
// every custom image, which may come from any registry.
func InRegion(images []Image, region string) []Image {
	return slices.DeleteFunc(cloneImages(images), func(i Image) bool {
		host, _, _ := strings.Cut(i.ImageURI.Or(""), "/")
		labels := strings.Split(host, ".")
		return hasLabel(&i, L("system.official", "true")) && slices.Contains(labels, "aliyuncs") && !slices.Contains(labels, region)
	})
}
