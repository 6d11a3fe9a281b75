package images_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestNoneWithoutHints: what couldn't be found out is said, and what was is kept.
func TestNoneWithoutHints(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnQuery("Labels", ""), Do: paisandbox.APIError(403, "Forbidden.RAM", "no")})
	detail := providertest.Only(t, single(t, sandbox).Read(t.Context(), values{"chip_type": "PPU"}).Diagnostics).Detail
	if !strings.Contains(detail, "Whether one of them alone is too much could not be found out: ListImages at") || !strings.Contains(detail, "Forbidden.RAM") {
		t.Errorf("got %s", detail)
	}
	detail = providertest.Only(t, single(t, sandbox).Read(t.Context(), values{"chip_type": "PPU", "framework": "JAX"}).Diagnostics).Detail
	if !strings.Contains(detail, "nothing is found. Which of them no image meets could not be found out: ListImages at") {
		t.Errorf("got %s", detail)
	}
}

// TestLeavingOneConditionOut takes nothing else with it.
func TestLeavingOneConditionOut(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	for says, block := range map[string]values{
		`labels = { "system.official" = "*" } (1 image, with no label system.official)`: {"labels": map[string]any{"system.official": "*", "team": "a"}, "workspace_id": "20455"},
		`official = false (5 images, with the label system.official = "true")`:          {"official": false, "framework": "PyTorch", "name_regex": "^pytorch:"},
		`framework = "vLLM" (3 images, with framework = "PyTorch")`:                     {"framework": "vLLM", "version": "2.9.1"},
		`chip_type = "cpu" (1 image, with chip_type = "CPU" (the case counts))`:         {"chip_type": "cpu", "name": "pytorch:2.9.1-cpu"},
	} {
		diagnostic := providertest.Only(t, single(t, sandbox).Read(t.Context(), block).Diagnostics)
		if !strings.Contains(diagnostic.Detail, "something matches:\n  "+says+"\n\n") {
			t.Errorf("%s is not in %s", says, diagnostic.Detail)
		}
	}
}

// TestFrameworkOfATag: with framework, version is that of the framework, and without it that of the tag. What has both is told with both.
func TestFrameworkOfATag(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	block := values{"framework": "PyTorch", "version": "~> 1.34", "name_regex": "^modelscope:"}
	detail := providertest.Only(t, single(t, sandbox).Read(t.Context(), block).Diagnostics).Detail
	if want := `  framework = "PyTorch" (1 image, with framework = "PyTorch" in version "2.8.0")`; !strings.Contains(detail, want) {
		t.Errorf("%q is not in %s", want, detail)
	}
}

// TestWhatImagesHaveInstead: most of what would do comes first, and however many and long the values are, the error is short.
func TestWhatImagesHaveInstead(t *testing.T) {
	t.Parallel()
	var images []paisandbox.Image
	for i, value := range []string{"3.9", "3.12", "3.12", "3.1\n0", strings.Repeat("1", 10_000)} {
		images = append(images, paisandbox.Official(fmt.Sprint("r/pai/x:", i), paisandbox.L("system.language.Python", value)))
	}
	images = append(images, paisandbox.Official("r/pai/x:none"))
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: images})
	block := values{"official": true, "labels": map[string]any{"system.language.Python": "4.0"}}
	detail := providertest.Only(t, single(t, sandbox).Read(t.Context(), block).Diagnostics).Detail
	has := `the label system.language.Python = `
	long := (has + `"` + strings.Repeat("1", 100))[:100] + "…"
	want := `"4.0" } (6 images, with ` + has + `"3.12", no label system.language.Python, ` + long + ", " + has + `"3.1\n0", and 1 more)`
	if !strings.Contains(detail, want) || len(detail) > 1000 {
		t.Errorf("%q is not in %s", want, detail)
	}
}

// TestFrameworksThatImagesHaveInstead are told by name, however many versions there are of one, and first the one that was meant.
func TestFrameworksThatImagesHaveInstead(t *testing.T) {
	t.Parallel()
	var images []paisandbox.Image
	for i, label := range []paisandbox.Label{
		paisandbox.L("PyTorch", "2.8"), paisandbox.L("PyTorch", "2.9"), paisandbox.L("PyTorch", "2.10"), paisandbox.L("PyTorch", "2.11"),
		paisandbox.L("TensorFlow", "2.15"), paisandbox.L("TensorFlow", "2.16"), paisandbox.L("vLLM", "0.11"),
	} {
		label.Key = "system.framework." + label.Key
		images = append(images, paisandbox.Official(fmt.Sprint("r/pai/x:", i), label))
	}
	both := paisandbox.Official("r/pai/x:both", paisandbox.L("system.framework.vLLM", "0.12"), paisandbox.L("system.framework.TensorFlow", "2.16"),
		paisandbox.L("system.framework.vLLM", "0.13"), paisandbox.L("system.framework.vLLM", "0.14"))
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: append(images, both, paisandbox.Official("r/pai/x:none"))})
	for framework, want := range map[string]string{
		"JAX":  `framework = "PyTorch", framework = "TensorFlow", framework = "vLLM", no framework)`,
		"vllm": `framework = "vLLM" (the case counts), framework = "PyTorch", framework = "TensorFlow", no framework)`,
	} {
		detail := providertest.Only(t, single(t, sandbox).Read(t.Context(), values{"official": true, "framework": framework}).Diagnostics).Detail
		if !strings.Contains(detail, "(9 images, with "+want) {
			t.Errorf("%q is not in %s", want, detail)
		}
	}
}

// TestSeveralConditionsTooMuch: those that no image meets are told, with what images have instead.
func TestSeveralConditionsTooMuch(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		catalogue []paisandbox.Image
		block     values
		want      string
	}{
		"two": {providertest.SmallCatalogue(), values{"framework": "pytorch", "chip_type": "gpu", "version": "~> 2.9", "official": true}, "nothing is found. No image at all meets this:\n" +
			`  chip_type = "gpu" (8 images, with chip_type = "GPU" (the case counts), no label system.chipType, chip_type = "CPU")` + "\n" +
			`  framework = "pytorch" (8 images, with framework = "PyTorch" (the case counts), no framework)` + "\n\n"},
		"a version, too, of a framework that there is": {
			providertest.SmallCatalogue(),
			values{"framework": "PyTorch", "chip_type": "TPU", "version": "~> 9.0"},
			"nothing is found. No image at all meets this:\n" + `  chip_type = "TPU" (8 images, with chip_type = "GPU", no label system.chipType, chip_type = "CPU")` + "\n" +
				`  version = "~> 9.0" (8 images, with version 2.9.1 of PyTorch, `,
		},
		"none of its own": {
			providertest.SmallCatalogue(),
			values{"official": true, "chip_type": "CPU", "accessibility": "PRIVATE", "name_regex": "^model"},
			"nothing is found. Each is met by some image, but not by the same one. Leave several out, and put them back one at a time.\n\n",
		},
		"a version, of a framework that there isn't": {
			providertest.SmallCatalogue(),
			values{"framework": "JAX", "version": "~> 9.0"},
			"nothing is found. No image at all meets this:\n  framework = \"JAX\" (8 images, with framework = \"PyTorch\", no framework)\n\n",
		},
		"only one":      {[]paisandbox.Image{}, values{"official": true}, "\n\nNothing is found without it, either.\n\n"},
		"nothing there": {[]paisandbox.Image{}, values{"official": true, "chip_type": "CPU"}, "nothing is found. Without all of them, nothing is found, either.\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, paisandbox.Options{Catalogue: test.catalogue})
			diagnostic := providertest.Only(t, single(t, sandbox).Read(t.Context(), test.block).Diagnostics)
			if !strings.Contains(diagnostic.Detail, test.want) || diagnostic.Attribute != nil {
				t.Errorf("%s: %s", diagnostic.Attribute, diagnostic.Detail)
			}
		})
	}
}

// TestNoneAsksOncePerCondition: finding out what to leave out costs one listing for each condition that the API checks, and one of all
// images where no single one is too much.
func TestNoneAsksOncePerCondition(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	providertest.Only(t, single(t, sandbox).Read(t.Context(), values{
		"framework": "PyTorch", "chip_type": "PPU", "official": true, "version": "~> 9.0", "name_regex": "^x",
	}).Diagnostics)
	var asked []string
	for _, request := range sandbox.Requests() {
		asked = append(asked, request.Query.Get("Labels"))
	}
	slices.Sort(asked[1:])
	want := []string{
		"system.chipType=PPU,system.framework.PyTorch=*,system.official=true",
		"",
		"system.chipType=PPU,system.framework.PyTorch=*",
		"system.chipType=PPU,system.official=true",
		"system.framework.PyTorch=*,system.official=true",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
}
