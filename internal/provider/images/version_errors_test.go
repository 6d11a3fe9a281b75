package images

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// selectHighest returns the error of latest_version with framework = "PyTorch".
func selectHighest(t *testing.T, images ...pai.Image) diag.Diagnostic {
	t.Helper()
	var diags diag.Diagnostics
	search := imageLookup{connection: &lookup.Connection{}, diags: &diags, imageConfig: imageConfig{
		filters: filtersOf("framework", types.StringValue("PyTorch")), latestVersion: types.BoolValue(true),
	}}
	if search.selectFrom(images); diags.ErrorsCount() != 1 {
		t.Fatalf("got %v, want one error", diags)
	}
	return diags.Errors()[0]
}

// TestVersionErrorsLength checks that no image makes an error of latest_version long, or its suggestion unusable.
func TestVersionErrorsLength(t *testing.T) {
	t.Parallel()
	const key = pai.LabelFrameworkPrefix + "PyTorch"
	numbers := strings.Repeat(".1", 1<<14)
	host := strings.Repeat("a", 1<<14)
	var variants []pai.Image
	for n := range 200 {
		variants = append(variants, candidateImage(fmt.Sprintf("r/x:%s-%d", strings.Repeat("a", 120), n), key, "2"+numbers))
	}
	for summary, images := range map[string][]pai.Image{
		"Only pre-releases match":                 {candidateImage("r/x:a", key, "2"+numbers+"-rc1")},
		"Several variants of the highest version": variants,
		"Versions of several repositories": {
			candidateImage(host+".com/x:a", key, "2"+numbers), candidateImage(host+".net/x:a", key, "2"+numbers),
		},
		"Versions of two numbering schemes": {
			candidateImage("r/x:a", key, "2"+numbers), candidateImage("r/x:b", key, "2026"+numbers),
		},
		"No matching image has a version": {candidateImage("r/x:a", key, "a"+numbers)},
	} {
		d := selectHighest(t, images...)
		if d.Summary() != summary || len(d.Detail()) > 10_000 || !strings.Contains(d.Detail(), "…") {
			t.Errorf("got %q, want %q: %d bytes: %.2000s", d.Summary(), summary, len(d.Detail()), d.Detail())
		}
		if shortened := regexp.MustCompile(`= "[^"]*…`).FindString(d.Detail()); shortened != "" {
			t.Errorf("%s: suggests %s", summary, shortened)
		}
	}
}

// TestVersionErrorsNames checks variants of images whose names have other characters beside the variant.
func TestVersionErrorsNames(t *testing.T) {
	t.Parallel()
	const key = pai.LabelFrameworkPrefix + "PyTorch"
	for _, name := range []string{"ägpu", "x:1.0-gpuä", "\xffgpu", "-gpu\xff", "gpu", "-gpu\x00", ""} {
		gpu, cpu := candidateImage("r/x:1.0-gpu", key, "1.0"), candidateImage("r/x:1.0-cpu", key, "1.0")
		gpu.Name = &name
		if d := selectHighest(t, gpu, cpu); !strings.Contains(d.Detail(), `name_regex = "-cpu$"`) {
			t.Errorf("%q: got %s", name, d.Detail())
		}
	}
}

// TestVersionNotesLength checks that a note about the filter version suggests no version that is too long to write.
func TestVersionNotesLength(t *testing.T) {
	t.Parallel()
	const key = pai.LabelFrameworkPrefix + "PyTorch"
	images := []pai.Image{
		candidateImage("r/x:a", key, "2.9"+strings.Repeat(".1", 1<<14)+"-rc1"), candidateImage("r/x:b", key, "2.8.0-rc1"),
	}
	f := filtersOf("version", types.StringValue("~> 2.0"))[0]
	got := f.describeValues(images, "PyTorch")
	if len(got) > 1000 || !strings.Contains(got, "set `version = \"~> 2.0, >= 2.8.0-rc1\"`") {
		t.Errorf("%d bytes: %.2000s", len(got), got)
	}
}

// TestShortURI checks how errors of latest_version name an image.
func TestShortURI(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("0123456789abcdef", 4)
	for uri, want := range map[string]string{
		"r.example.com/pai/x:1.0": "x:1.0", "r.example.com/pai/x": "x", "pai/x:1.0@" + digest: "x@" + digest,
		"https://pai/x:1.0": "image_id image-https://pai/x:1.0", "": "image_id image-",
	} {
		image := candidateImage(uri)
		parsed := selection.ParseImage(&image, "")
		if got := shortURI(&parsed); got != want {
			t.Errorf("%q: got %s, want %s", uri, got, want)
		}
	}
}

// TestRepositoryAdvice checks that the error about several repositories suggests name_regex if `repository` can't
// separate one of them.
func TestRepositoryAdvice(t *testing.T) {
	t.Parallel()
	const key = pai.LabelFrameworkPrefix + "PyTorch"
	for _, test := range []struct {
		uris       [2]string
		repository string
		nameRegex  bool
	}{
		{[2]string{"r/x:1", "r/y:1"}, `repository = "x"`, false},
		{[2]string{"x:1", "pai/x:1"}, `repository = "pai/x"`, true}, // `repository = "x"` matches both
		{[2]string{"x:1", ""}, `repository = "x"`, true},
		{[2]string{"https://r/x:1", ""}, "", true},
	} {
		first, second := candidateImage(test.uris[0], key, "1.0"), candidateImage(test.uris[1], key, "1.0")
		detail := selectHighest(t, first, second).Detail()
		_, advice, _ := strings.Cut(detail, "\n\n  ")
		if !strings.Contains(advice, test.repository) || strings.Contains(advice, `= ""`) ||
			strings.Contains(advice, "`name_regex`") != test.nameRegex {
			t.Errorf("%s: got %s", test.uris, detail)
		}
	}
}

// TestSuggestedExclusions checks that exclude_name_regex is only suggested if it has at most four alternatives.
func TestSuggestedExclusions(t *testing.T) {
	t.Parallel()
	const key = pai.LabelFrameworkPrefix + "PyTorch"
	for others, want := range map[int]bool{4: true, 5: false} {
		images := []pai.Image{candidateImage("r/x:1.0-gpu-1767942001", key, "1.0")}
		for n := range others {
			images = append(images, candidateImage(fmt.Sprintf("r/x:1.0-gpu-n%d-1767942001", n), key, "1.0"))
		}
		d := selectHighest(t, images...)
		if got := strings.Contains(d.Detail(), `exclude_name_regex = "-n0-|-n1-`); got != want {
			t.Errorf("%d other variants: got an exclusion: %t, want %t:\n%s", others, got, want, d.Detail())
		}
	}
}
