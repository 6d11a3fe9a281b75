package selection

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// torch is the framework of the generated images.
const torch = "PyTorch"

// The lists of values are short, so that generated images often have equal values.
var (
	// repositories belong to three families. The first two form the first family, and the next two the second.
	repositories = []string{
		"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch",
		"dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/pytorch",
		"registry.cn-hangzhou.aliyuncs.com/pai-dlc/pytorch-training",
		"registry-vpc.cn-beijing.aliyuncs.com/pai-dlc/pytorch-training",
		"localhost:5000/pytorch",
	}
	numbers       = []string{"1", "1.0", "1.9", "1.12", "2.9", "2.12", "v2.12.0", "2.12.0.0", "2.12.0.1"}
	buildSuffixes = []string{"", "", "", "PAI", "deeprec2106", ".post1"}
	suffixes      = []string{"", "-gpu-py312", "_gpu", "-rc1", "@" + digest}
	unversioned   = []string{"", ":latest", ":deeprec2212-gpu", ":v", ":1.99999999999999999999", "@" + digest}
	digest        = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

	// preReleases are suffixes of versions, from lowest to highest. Equal suffixes are in the same row.
	preReleases = [][]string{
		{"RC1"},
		{"alpha"},
		{"beta.2"},
		{"beta.11"},
		{"dev20230101"},
		{"rc"},
		{"rc.1", "rc.01"},
		{"rc.99999999999999999999"},
		{"rc.a"},
		{"rc1", ".rc1"},
		{"rc2"},
		{"rc2.a8ec486.20260305pai"},
		{"rc2b"},
	}

	// notReferences are not valid image references. Images with these URIs have no version.
	notReferences = []string{
		"", ":2.12", "https://localhost:5000/pytorch:2.12", "localhost:5000/PyTorch:2.12", "localhost:5000/pytorch:2.12:2",
		"localhost:5000/pytorch:2.12 ", "localhost:5000/pytorch:2.12@sha256:12",
	}

	// times are creation times, from oldest to newest. Equal times are in the same row. The first row has invalid times,
	// which count as the oldest.
	times = [][]string{
		{"", "yesterday", "2024-01-01"},
		{"2023-12-31T23:59:59Z"},
		{"2024-01-01T00:00:00Z", "2024-01-01T08:00:00+08:00"},
		{"2024-01-01T00:00:00.5Z"},
		{"2025-06-01T00:00:00Z"},
	}

	names       = []string{"", "pytorch", "pytorch:2.12", "PyTorch:2.12", "tensorflow:2.12"}
	workspaces  = []string{"", "1", "12"}
	accesses    = []string{"", "PUBLIC", "PRIVATE", "public"}
	labelValues = []string{"true", "false", "", "GPU", pai.AnyValue}
	labelKeys   = []string{
		pai.LabelOfficial, pai.LabelChipType, pai.LabelFrameworkPrefix + torch, pai.LabelFrameworkPrefix + "pytorch", "",
	}
)

func anyOf(values []string) *rapid.Generator[string] { return rapid.SampledFrom(values) }

func orNil(values []string) *rapid.Generator[*string] { return rapid.Ptr(anyOf(values), true) }

// versions generates text that starts with a version.
func versions() *rapid.Generator[string] {
	builds := rapid.OneOf(anyOf(buildSuffixes), anyOf(slices.Concat(preReleases...)))
	return rapid.Custom(func(t *rapid.T) string { return anyOf(numbers).Draw(t, "number") + builds.Draw(t, "build") })
}

func urisOf(repositories []string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		repository := anyOf(repositories).Draw(t, "repository")
		if rapid.IntRange(0, 4).Draw(t, "of five") == 4 {
			return repository + anyOf(unversioned).Draw(t, "no version")
		}
		return repository + ":" + versions().Draw(t, "version") + anyOf(suffixes).Draw(t, "suffix")
	})
}

// allURIs generates URIs of all repositories, real URIs and notReferences.
func allURIs(t *testing.T) *rapid.Generator[string] {
	t.Helper()
	drawn := urisOf(repositories)
	published := rapid.Map(rapid.SampledFrom(realURIs(t)), func(row []string) string { return row[0] })
	return rapid.OneOf(drawn, drawn, published, anyOf(notReferences))
}

func imagesAt(uris *rapid.Generator[string]) *rapid.Generator[pai.Image] {
	values := rapid.OneOf(anyOf(labelValues), versions())
	label := rapid.Custom(func(t *rapid.T) pai.Label {
		return pai.Label{Key: orNil(labelKeys).Draw(t, "key"), Value: rapid.Ptr(values, true).Draw(t, "value")}
	})
	framework := rapid.Custom(func(t *rapid.T) pai.Label {
		key, value := pai.LabelFrameworkPrefix+torch, versions().Draw(t, "framework")
		return pai.Label{Key: &key, Value: &value}
	})
	return rapid.Custom(func(t *rapid.T) pai.Image {
		return pai.Image{
			ImageID:       orNil([]string{"", "image-1", "image-2", "image-3"}).Draw(t, "id"),
			Name:          orNil(names).Draw(t, "name"),
			Description:   orNil([]string{"", "one", "other"}).Draw(t, "description"), // only orders images with equal IDs
			ImageURI:      rapid.Ptr(uris, true).Draw(t, "uri"),
			Accessibility: orNil(accesses).Draw(t, "accessibility"),
			GmtCreateTime: orNil(slices.Concat(times...)).Draw(t, "created"),
			Labels:        rapid.SliceOfN(rapid.OneOf(label, framework), 0, 4).Draw(t, "labels"),
			WorkspaceID:   orNil(workspaces).Draw(t, "workspace"),
		}
	})
}

// catalogues generates lists of images. Many have a single family, because Highest returns an error for several.
func catalogues(t *testing.T) *rapid.Generator[[]pai.Image] {
	t.Helper()
	oneFamily := rapid.OneOf(urisOf(repositories[:2]), anyOf(notReferences))
	return rapid.OneOf(
		rapid.SliceOfN(imagesAt(allURIs(t)), 0, 12),
		rapid.SliceOfN(imagesAt(urisOf(repositories[:2])), 1, 12),
		rapid.SliceOfN(imagesAt(oneFamily), 0, 12),
	)
}
