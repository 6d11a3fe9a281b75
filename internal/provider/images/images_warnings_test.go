package images_test

import (
	"regexp"
	"slices"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestUndatedWarning checks that there is a warning if and only if the order or the selection depends on the creation
// time of an image without a valid one. The warning names only such images.
func TestUndatedWarning(t *testing.T) {
	t.Parallel()
	created := func(id, uri string, at paisandbox.Field[string]) paisandbox.Image {
		return paisandbox.Official(uri).With(func(i *paisandbox.Image) {
			i.ImageID, i.GmtCreateTime = paisandbox.Value(id), at
		})
	}
	valid, missing := paisandbox.Value("2026-01-05 03:04"), paisandbox.Omitted[string]()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: []paisandbox.Image{
		created("a", "r/x:1.0-gpu", missing), created("b", "r/x:2.0-gpu", paisandbox.Value("yesterday")),
		created("c", "r/x:2.0-gpu-e51bd870", valid), created("d", "r/x:3.0-gpu", valid),
		created("e", "r/x:3.0-gpu-e51bd870", paisandbox.Value("1767582245000")),
	}})
	latest := func(version string) values {
		return values{"official": true, "latest_version": true, "version": version}
	}
	for _, test := range []struct {
		dataSource string
		block      values
		path       string
		want       []string // IDs in the warning; none if there is no warning
	}{
		{"pai_images", values{}, "", []string{"a", "b"}},
		{"pai_images", values{"order": "DESC", "page_number": 1}, "", []string{"b", "a"}},
		{"pai_images", values{"name_regex": ":[23]"}, "", []string{"b"}},
		{"pai_images", values{"name_regex": ":1"}, "", nil},
		{"pai_images", values{"name_regex": ":3"}, "", nil},
		{"pai_images", values{"sort_by": "image_version"}, "", []string{"b"}},
		{"pai_images", values{"sort_by": "image_version", "order": "DESC"}, "", []string{"b"}},
		{"pai_image", values{"official": true, "most_recent": true}, "most_recent", []string{"a", "b"}},
		{"pai_image", values{"official": true, "most_recent": true, "name_regex": ":3"}, "", nil},
		{"pai_image", values{"official": true, "most_recent": true, "name_regex": ":1"}, "", nil},
		{"pai_image", values{"official": true, "name_regex": ":1"}, "", nil},
		{"pai_image", values{"image_id": "b"}, "", nil},
		{"pai_image", latest("< 2"), "", nil},
		{"pai_image", latest("< 3"), "latest_version", []string{"b"}},
		{"pai_image", latest("<= 3"), "", nil},
	} {
		tf := newConfiguredTerraform(t, sandbox)
		tf.DataSource = test.dataSource
		diagnostics := tf.Read(t.Context(), test.block).Diagnostics
		if test.want == nil {
			providertest.WantNone(t, diagnostics)
			continue
		}
		providertest.WantWarning(t, diagnostics, test.path, "Unreadable creation time")
		var got []string
		for _, match := range regexp.MustCompile(`(?m)^  (\w), r/x:`).FindAllStringSubmatch(diagnostics[0].Detail, -1) {
			got = append(got, match[1])
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s %v: the warning names %v, want %v", test.dataSource, test.block, got, test.want)
		}
	}
}
