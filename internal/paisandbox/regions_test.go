package paisandbox

import (
	"strings"
	"testing"
)

func TestInRegion(t *testing.T) {
	t.Parallel()
	all, custom := Catalogue(), 0
	for _, i := range all {
		if !hasLabel(&i, L("system.official", "true")) {
			custom++
		}
	}
	for _, region := range []string{"cn-hangzhou", "cn-shanghai", "ap-southeast-1"} {
		images, own := InRegion(all, region), 0
		for _, i := range images {
			uri := i.ImageURI.Or("")
			switch {
			case strings.Contains(uri, "."+region+"."):
				own++
			case hasLabel(&i, L("system.official", "true")) && strings.Contains(uri, ".aliyuncs.com/"):
				t.Errorf("%s is not in %s", uri, region)
			}
		}
		if own < 10 || len(images) < own+custom/2 || len(images) > len(all)/2 {
			t.Errorf("%s: %d images, %d of them of the region", region, len(images), own)
		}
	}
	sandbox := start(t, Options{Region: "cn-shanghai"})
	if len(sandbox.Images()) != len(InRegion(all, "cn-shanghai")) || !strings.Contains(strings.Join(sandbox.Environ(), " "), "_REGION=cn-shanghai ") {
		t.Errorf("%d images, %v", len(sandbox.Images()), sandbox.Environ())
	}
	if given := start(t, Options{Region: "cn-shanghai", Catalogue: Numbered(3)}); len(given.Images()) != 3 {
		t.Errorf("%d images of those given", len(given.Images()))
	}
}
