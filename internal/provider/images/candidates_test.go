package images

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// candidateImage returns an image whose name is the end of its URI. Keys and values of its labels alternate.
func candidateImage(uri string, labels ...string) pai.Image {
	image := labeled(labels...)
	image.ImageID, image.ImageURI, image.Name = new("image-"+uri), &uri, new(uri[strings.LastIndex(uri, "/")+1:])
	return image
}

// TestCandidates checks which columns a table of candidates has, and which values all rows share.
func TestCandidates(t *testing.T) {
	t.Parallel()
	const chip, torch, vllm = pai.LabelChipType, pai.LabelFrameworkPrefix + "PyTorch", pai.LabelFrameworkPrefix + "vLLM"
	const dlc, eas = pai.LabelSupportedPrefix + "dlc", pai.LabelSupportedPrefix + "eas"
	const uri = "r/pai/x:1.0-gpu"
	long := "pytorch2.11-python3.12-cuda13.0-ubuntu24.04"
	unnamed := candidateImage(uri)
	unnamed.Name = nil
	renamed := candidateImage(uri)
	renamed.Name = new("mine")
	noKey := labeled(chip, "GPU")
	noKey.Labels[0].Key = nil
	image := candidateImage
	for name, test := range map[string]struct {
		images    []pai.Image
		framework string
		columns   string   // columns after gmt_create_time and image_id
		shared    string   // values that all rows share
		cells     []string // values in the table
	}{
		"chip types": {
			images:  []pai.Image{image("r/x:1.0-a", chip, "GPU"), image("r/x:1.0-a", chip, "PPU")},
			columns: chip, shared: "version 1.0, variant a", cells: []string{"GPU", "PPU"},
		},
		"versions": {
			images:  []pai.Image{image("r/x:1.0-a", chip, "GPU"), image("r/x:1.1-a", chip, "GPU")},
			columns: "version", shared: "variant a, " + chip + " GPU", cells: []string{"1.0", "1.1"},
		},
		"variants": {
			images:  []pai.Image{image("r/x:1.0-gpu-a"), image("r/x:1.0-gpu-b"), image("r/x:1.0")},
			columns: "variant", shared: "version 1.0", cells: []string{"gpu-a", "gpu-b", "-"},
		},
		"long variants": {
			images: []pai.Image{
				image("r/x:1-" + long + "-arm64_accelerated"), image("r/x:1-" + long + "_accelerated"), image("r/x:1"),
			},
			columns: "variant", shared: "version 1",
			cells: []string{"…ubuntu24.04-arm64_accelerated", "…ubuntu24.04_accelerated", "-"},
		},
		"one long variant": {
			images:  []pai.Image{image("r/x:1-" + long), image("r/x:1")},
			columns: "variant", shared: "version 1", cells: []string{long[:40] + "…"},
		},
		"version of the framework": {
			images:    []pai.Image{image("r/x:1.0-a", torch, "2.8"), image("r/x:1.0-a", torch, "2.9")},
			framework: "PyTorch", columns: "version", shared: "variant 1.0-a", cells: []string{"2.8", "2.9"},
		},
		"no version of the framework": {
			images:    []pai.Image{image("r/x:1.0-a", torch, "nightly"), image("r/x:1.0-b", torch, "nightly")},
			framework: "PyTorch", columns: "variant", shared: torch + " nightly",
		},
		"framework that repeats the version": {
			images:  []pai.Image{image("r/x:1.0PAI", torch, "1.0.0"), image("r/x:1.1PAI", torch, "1.1.0")},
			columns: "version", shared: "variant PAI",
		},
		"framework beside another version": {
			images:  []pai.Image{image("r/x:1.0", torch, "2.8"), image("r/x:1.0", torch, "2.9")},
			columns: torch, shared: "version 1.0",
		},
		"order of labels": {
			images: []pai.Image{
				image("r/x:1", "a", "1", "b", "2", eas, "true", dlc, "true", vllm, "1.1", torch, "1.2", chip, "GPU"),
				image("r/x:1"),
			},
			columns: chip + " " + torch + " " + vllm, shared: "version 1",
		},
		"supported products before other labels": {
			images:  []pai.Image{image("r/x:1", "a", "y", "b", "y", eas, "true", dlc, "true"), image("r/x:1")},
			columns: dlc + " " + eas + " a", shared: "version 1",
		},
		"labels that all share": {
			images:  []pai.Image{image("r/x:a", "a", "y", dlc, "true", "b", "y"), image("r/x:b", "a", "y", dlc, "true")},
			columns: "variant b",
		},
		"labels that repeat the URI": {
			images: []pai.Image{
				image("r/x:a", "uri", "r/x:a", "tag", "a", "copy", "other/x:a"),
				image("r/x:b", "uri", "r/x:b", "tag", "b", "copy", "other/x:b"),
			},
			columns: "variant",
		},
		"label that differs for each of three": {
			images: []pai.Image{
				image("r/x:a", "build", "p", "team", "m", torch, "2.7"), image("r/x:a", "build", "q", "team", "n", torch, "2.8"),
				image("r/x:a", "build", "s", "team", "m", torch, "2.9"),
			},
			columns: torch + " team", shared: "variant a",
		},
		"equal images": {
			images: []pai.Image{image(uri, chip, "GPU"), image(uri, chip, "GPU")},
			shared: "version 1.0, variant gpu, " + chip + " GPU",
		},
		"one image": {
			images:  []pai.Image{image(uri, chip, "GPU", "team", "a")},
			columns: "version variant " + chip, cells: []string{"1.0", "gpu", "GPU"},
		},
		"another name": {
			images:  []pai.Image{image(uri), renamed},
			columns: "name", shared: "version 1.0, variant gpu", cells: []string{"mine"},
		},
		"no name": {images: []pai.Image{image(uri), unnamed}, shared: "version 1.0, variant gpu"},
		"name that is the whole URI": {
			images: []pai.Image{image("x:1")}, columns: "version",
		},
		"no labels, URI or name": {images: []pai.Image{{}, noKey}, cells: []string{"-", "(no image_uri)"}},
		"control characters": {
			images: []pai.Image{image("r/x:1", chip, "a\x1b\n", "k\te", "v\n\t"), image("r/x:1")}, columns: chip + " k?e",
			shared: "version 1", cells: []string{"a??", "v??"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := candidates(test.images, test.framework)
			shared, body, ok := strings.Cut(text, "\n\n")
			if !ok {
				shared, body = "", text
			}
			if got := strings.TrimPrefix(shared, "  All rows: "); got != test.shared {
				t.Errorf("values of all rows: got %q, want %q", got, test.shared)
			}
			lines := strings.Split(body, "\n")
			want := strings.TrimSpace("gmt_create_time image_id " + test.columns)
			if got := strings.Join(strings.Fields(lines[0]), " "); got != want {
				t.Errorf("columns: got %q, want %q", got, want)
			}
			if len(lines) != 1+2*len(test.images) {
				t.Errorf("got %d lines for %d images:\n%s", len(lines), len(test.images), text)
			}
			for _, value := range test.cells {
				if !strings.Contains(body+"\n", "  "+value+"\n") && !strings.Contains(body, "  "+value+"  ") {
					t.Errorf("%q is not in\n%s", value, text)
				}
			}
			for _, line := range lines {
				if !strings.HasPrefix(line, "  ") {
					t.Errorf("the CLI would wrap the line %q", line)
				}
			}
		})
	}
}

// TestCandidatesRows checks that the table has only the newest ten images, and that a value that only another image has
// adds no column.
func TestCandidatesRows(t *testing.T) {
	t.Parallel()
	var images []pai.Image
	for n := range 11 {
		image := candidateImage(fmt.Sprintf("r/x:%d-a", n), pai.LabelChipType, "GPU")
		image.GmtCreateTime = new(fmt.Sprintf("2026-01-01T00:00:%02dZ", n))
		images = append(images, image)
	}
	images[0] = candidateImage("r/x:0-b", pai.LabelChipType, "CPU")
	text := candidates(images, "")
	if n := strings.Count(text, "\n    r/x:"); n != 10 {
		t.Errorf("got %d images, want 10:\n%s", n, text)
	}
	if !strings.HasPrefix(text, "  All rows: variant a, "+pai.LabelChipType+" GPU\n\n") ||
		strings.Index(text, "r/x:10-a") > strings.Index(text, "r/x:9-a") || strings.Contains(text, "r/x:0") {
		t.Errorf("got rows that are not the newest ten:\n%s", text)
	}
}

// TestCandidatesLength checks that a URI of 255 characters is complete, and that longer URIs and other values are cut.
func TestCandidatesLength(t *testing.T) {
	t.Parallel()
	start := "example.com/" + strings.Repeat("a", 255-len("example.com/"))
	for uri, want := range map[string]string{start: start, start + "b": start + "…"} {
		image := candidateImage(uri)
		for _, text := range []string{candidates([]pai.Image{image}, "") + "\n", describeImage(&image) + "\n"} {
			if !strings.Contains(text, " "+want+"\n") {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
	}
	for length, want := range map[int]bool{255: true, 256: false} {
		f := filtersOf("image_uri", types.StringValue("r/x"))[0]
		f.argument = "image_uri"
		uri := strings.Repeat("a", length)
		if got := f.describeValues([]pai.Image{{ImageURI: &uri}}, ""); strings.Contains(got, `"`+uri+`"`) != want {
			t.Errorf("got %q, want the complete URI: %t", got, want)
		}
	}
	huge := strings.Repeat("1.0-", 1<<18)
	uri := huge[:1<<13] // parsing takes longer
	for name, image := range map[string]pai.Image{
		"URI":           {ImageURI: &uri},
		"name":          {Name: &huge},
		"ID":            {ImageID: &huge},
		"creation time": {GmtCreateTime: &huge},
		"label":         labeled(pai.LabelChipType, huge),
		"key":           labeled(huge, "a"),
		"framework":     labeled(pai.LabelFrameworkPrefix+"PyTorch", strings.Repeat("1.", 1<<16)+"0"),
	} {
		for other, images := range map[string][]pai.Image{
			"alone": {image}, "beside another image": {image, {}}, "beside an equal image": {image, image},
		} {
			text := candidates(images, "PyTorch") + describeImage(&image)
			if isCut := strings.Contains(text, "…"); len(text) > 2000 || !isCut && name != "key" {
				t.Errorf("%s %s: %d bytes: %.2000s", name, other, len(text), text)
			}
			if name != "URI" && name != "ID" && strings.Contains(text, huge[:41]) {
				t.Errorf("%s %s: more than 40 characters: %.2000s", name, other, text)
			}
		}
	}
}
