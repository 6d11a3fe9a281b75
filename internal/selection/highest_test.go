package selection

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

const (
	old, recent = "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
	hangzhou    = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch"
	shanghai    = "dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/pytorch"
	training    = "dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/training"
	torchLabel  = pai.LabelFrameworkPrefix + torch
)

// tagged returns an image of one repository for each tag. Later images are newer.
func tagged(tags string) []pai.Image {
	var images []pai.Image
	for i, tag := range strings.Fields(tags) {
		images = append(images, image(tag, fmt.Sprintf("2024-01-%02dT00:00:00Z", i+1), hangzhou+":"+tag))
	}
	return images
}

// TestHighest checks which image is selected, for every order of the images.
func TestHighest(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options HighestOptions
		images  []pai.Image // the expected image first
	}{
		"by number, not by text":  {HighestOptions{}, tagged("2.12-gpu 2.9-gpu 2.2-gpu")},
		"an older image":          {HighestOptions{}, []pai.Image{image("a", old, "x:2"), image("b", recent, "x:1")}},
		"commit hash":             {HighestOptions{}, tagged("1.5.0 1.4.0 7c9e2d1")},
		"dates and Unix times":    {HighestOptions{}, tagged("1.5.0 1.4.0 20240115-gpu 1767942001 20240115.3")},
		"release":                 {HighestOptions{}, tagged("2.1.0 2.1.0rc2 2.1.0-rc1-gpu")},
		"pre-release of the next": {HighestOptions{}, tagged("2.1.0 2.2.0rc1 2.9.0a0 2.9.0-SNAPSHOT 3.0-gpu-nightly")},
		"pre-releases":            {HighestOptions{PreReleases: true}, tagged("2.2.0rc19 2.2.0rc2 2.1.0")},
		"post-release":            {HighestOptions{}, tagged("0.8.5.post1 0.8.5")},
		"no variant":              {HighestOptions{}, tagged("0.2.0 0.2.0-ui 0.2.0-nginx 0.1-ui")},
		"rebuild without variant": {
			HighestOptions{}, []pai.Image{
				image("a", recent, "x:2.9-e51bd870"), image("b", old, "x:2.9.0"), image("c", recent, "x:2.9-gpu"),
			},
		},
		"rebuilds": {
			HighestOptions{}, []pai.Image{
				image("a", recent, "x:2.9-gpu-e51bd870-1767942001"), image("b", old, "x:2.9.0-gpu-1767942000"),
				image("z", old, "x:v2.9-gpu"),
			},
		},
		"rebuilds of equal time": {
			HighestOptions{}, []pai.Image{image("b", old, "x:2.9-gpu-e51bd870"), image("a", old, "x:2.9-gpu")},
		},
		"any variant": {HighestOptions{AnyVariant: true}, slices.Concat(
			[]pai.Image{image("new", recent, hangzhou+":2.9-py311")}, tagged("2.9 2.9-py312"))},
		"some without a version": {HighestOptions{}, append(tagged("0.1"),
			image("z", recent, hangzhou+":latest"), image("y", recent, ""), pai.Image{})},
		"other regions and networks": {
			HighestOptions{}, []pai.Image{image("a", old, hangzhou+":2.9"), image("b", old, shanghai+":2.8")},
		},
		"no version in another repository": {
			HighestOptions{}, []pai.Image{image("a", old, hangzhou+":2.9"), image("b", old, training+":gpu")},
		},
		"pre-releases in another repository": {
			HighestOptions{}, []pai.Image{image("a", old, hangzhou+":2.9"), image("b", old, training+":26.07rc1")},
		},
		"only calendar versions": {HighestOptions{}, tagged("26.07.20 26.06.01 25.12")},
		"framework": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", old, "x:1-gpu", torchLabel, "2.12"), image("b", recent, "x:3", torchLabel, "2.9"),
			image("c", recent, "x:9"),
		}},
		"framework, rebuilds": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", recent, "x:2.9.0-gpu", torchLabel, "2.9"), image("b", old, "x:2.9-gpu-e51bd870", torchLabel, "2.9.0"),
		}},
		"framework, pre-release in the tag": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", old, "x:1.0rc1", torchLabel, "2.9"), image("b", old, "x:2.0", torchLabel, "2.8"),
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			permute(slices.Clone(test.images), func(images []pai.Image) {
				highest, err := Highest(images, test.options)
				if diff := cmp.Diff(&test.images[0], highest); diff != "" || err != nil {
					t.Errorf("error %v, highest (-want +got):\n%s", err, diff)
				}
			})
		})
	}
}

// TestHighestErrors checks the facts of each error, for every order of the images.
func TestHighestErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options HighestOptions
		images  []pai.Image
		want    string
	}{
		"none":            {HighestOptions{}, nil, "no version"},
		"without version": {HighestOptions{}, append(tagged("latest gpu"), image("z", recent, "https://x:2")), "no version"},
		"framework": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", recent, "x:1", torchLabel, "true"), image("b", old, "x:2"), {Labels: []pai.Label{{}}},
		}, "no version"},
		"pre-releases": {HighestOptions{}, tagged("2.9.0rc2 2.9.0rc19 2.9.0-dev latest"), "pre-releases 2.9.0-rc19"},

		"several repositories": {
			HighestOptions{},
			append(tagged("2.9 2.8"),
				image("a", old, shanghai+":2.7"), image("b", old, training+":26.06"), image("c", old, "a:1"),
				image("d", old, "w:gpu")),
			"repositories pytorch 3 2.9, a 1 1, training 1 26.06",
		},
		"framework, several repositories": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", old, hangzhou+":2.9", torchLabel, "2.9.1"), image("b", old, training+":26.07", torchLabel, "2.11"),
		}, "repositories pytorch 1 2.9.1, training 1 2.11"},
		"equal last parts": {
			HighestOptions{},
			append(tagged("2.9"),
				image("a", old, "registry.cn-shanghai.aliyuncs.com/pai-dlc/pytorch:2.7")),
			"repositories pai-dlc/pytorch 1 2.7, pai/pytorch 1 2.9",
		},
		"equal paths": {
			HighestOptions{},
			append(tagged("2.9"), image("a", old, "ghcr.io/pai/pytorch:2.7")),
			"repositories " + hangzhou + " 1 2.9, ghcr.io/pai/pytorch 1 2.7",
		},
		"equal paths, two regions": {
			HighestOptions{},
			append(tagged("2.8"), image("a", old, shanghai+":2.9"), image("b", old, "ghcr.io/pai/pytorch:2.7")),
			"repositories " + shanghai + " 2 2.9, ghcr.io/pai/pytorch 1 2.7",
		},
		"equal paths, no registry": {HighestOptions{}, []pai.Image{
			image("a", old, "x:1"), image("b", old, "pai/x:2"), image("c", old, "ghcr.io/pai/x:3"),
		}, "repositories  1 2,  1 1, ghcr.io/pai/x 1 3"},
		"no URI": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", old, "x:1", torchLabel, "2.9"), image("b", old, "", torchLabel, "2.8"),
		}, "repositories  1 2.8, x 1 2.9"},
		"no valid URIs": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", old, "https://x:1", torchLabel, "2.9"), image("b", old, "", torchLabel, "2.8"),
			image("c", recent, "", torchLabel, "2.9"),
		}, "repositories  1 2.9,  1 2.9,  1 2.8"},

		"two schemes":            {HighestOptions{}, tagged("2.4.0 2.3.0 23.12 22.12"), "schemes 2.4.0 23.12"},
		"two schemes, any":       {HighestOptions{AnyVariant: true}, tagged("2.4.0 23.12"), "schemes 2.4.0 23.12"},
		"equal numbers":          {HighestOptions{}, tagged("23.4 23.04"), "schemes 23.4 23.04"},
		"schemes of pre-release": {HighestOptions{PreReleases: true}, tagged("2.4.0 23.12rc1"), "schemes 2.4.0 23.12-rc1"},

		"variants": {
			HighestOptions{},
			tagged("2.9-py311 2.9.0-py312-e51bd870 2.9-py312 2.8"),
			"variants 2.9-py311 py311 1, 2.9-py312 py312 2",
		},
		"variants of a build": {
			HighestOptions{},
			tagged("1.12PAI-gpu 1.12-gpu"),
			"variants 1.12PAI-gpu PAI-gpu 1, 1.12-gpu gpu 1",
		},
		"framework, without a tag": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", recent, "r/x@sha256:"+strings.Repeat("0a", 32), torchLabel, "2.11"),
			image("b", recent, "r/x", torchLabel, "2.11"), image("c", old, "r/x:2.11-gpu", torchLabel, "2.11"),
		}, "variants b (no tag) 1, c gpu 1, a sha256:" + strings.Repeat("0a", 32) + " 1"},
		"framework, variants": {HighestOptions{Framework: torch}, []pai.Image{
			image("a", old, "x:26.06-gpu", torchLabel, "2.11"), image("b", old, "x:26.07-gpu", torchLabel, "2.11"),
		}, "variants a 26.06-gpu 1, b 26.07-gpu 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			permute(slices.Clone(test.images), func(images []pai.Image) {
				selected, err := Highest(images, test.options)
				if got := facts(err); got != test.want || selected != nil {
					t.Errorf("got %v, %s, want %s", selected, got, test.want)
				}
			})
		})
	}
}

// facts returns the kind and the fields of an error of Highest.
func facts(err error) string {
	if e, ok := errors.AsType[*PreReleasesError](err); ok {
		return "pre-releases " + e.Highest.Version.String()
	}
	if e, ok := errors.AsType[*SchemesError](err); ok {
		return fmt.Sprintf("schemes %s %s", e.Plain.Version, e.Calendar.Version)
	}
	var rows []string
	if e, ok := errors.AsType[*RepositoriesError](err); ok {
		for _, r := range e.Repositories {
			rows = append(rows, fmt.Sprintf("%s %d %s", r.Name, r.Images, r.Highest.Version))
		}
		return "repositories " + strings.Join(rows, ", ")
	}
	if e, ok := errors.AsType[*VariantsError](err); ok {
		for _, v := range e.Variants {
			rows = append(rows, fmt.Sprintf("%s %s %d", *v.Newest.Image.ImageID, v.Name, len(v.Images)))
		}
		return "variants " + strings.Join(rows, ", ")
	}
	if errors.Is(err, ErrNoVersion) {
		return "no version"
	}
	return fmt.Sprint(err)
}
