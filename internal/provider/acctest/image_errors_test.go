package acctest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// shown is a diagnostic as the CLI's machine-readable output has it: nothing wrapped, nothing left out.
type shown struct {
	Severity string
	Summary  string
	Detail   string
	At       string // the line of the configuration that it stands on
}

// planSays plans a data block with the real CLI and gives its diagnostics.
func planSays(t *testing.T, sandbox *paisandbox.Sandbox, block string) []shown {
	t.Helper()
	needsCLI(t)
	folder := t.TempDir()
	write(t, filepath.Join(folder, "main.tf"), requiredProviders+"\ndata \"pai_image\" \"x\" {\n"+block+"\n}\n")
	cli(t, folder, sandbox, "init", "-no-color")
	output, _ := runCLI(t, folder, sandbox.Environ(), "plan", "-json", "-input=false") // an error is what is looked for
	var all []shown
	for line := range strings.Lines(output) {
		var message struct {
			Diagnostic *struct {
				Severity, Summary, Detail string
				Snippet                   struct{ Code string }
			}
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatalf("%s: %s", err, output)
		}
		if d := message.Diagnostic; d != nil {
			all = append(all, shown{d.Severity, d.Summary, providertest.Placeholders(d.Detail), strings.TrimSpace(d.Snippet.Code)})
		}
	}
	return all
}

// table is what candidates makes of images of the small catalogue, written down another way.
func table(nameWidth int, numbers ...int) string {
	row := func(created, id, name, uri string) string {
		return fmt.Sprintf("  %-24s  %-22s  %-*s  %s\n", created, id, nameWidth, name, uri)
	}
	text := row("gmt_create_time", "image_id", "name", "image_uri")
	for _, n := range numbers {
		image := providertest.SmallCatalogue()[n]
		text += row(image.GmtCreateTime.Or(""), image.ImageID.Or(""), image.Name.Or(""), image.ImageURI.Or(""))
	}
	return "\n\n" + text + "\n"
}

// TestAccImageErrors holds the whole text of every error and warning of a single image, and where it stands.
func TestAccImageErrors(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	small := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	many := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(65)})
	id := func(n int) string { return providertest.SmallCatalogue()[n].ImageID.Or("") }
	uri := func(n int) string { return providertest.SmallCatalogue()[n].ImageURI.Or("") }
	const (
		here   = `data "pai_image" "x" {`
		region = "\n\nEach region has images of its own: check the provider's region and endpoint, too."
		given  = "The API found this, and none of it meets all: name and image_uri are exact here (name_regex takes a part of the name), version, name_regex and official = false " +
			"are checked here, and an image must not say that it is of another workspace or visibility, or not official. "
		mend = " Change or leave out the argument, or look for another image_id."
	)
	failure := func(at, summary, detail string) shown { return shown{"error", summary, detail, at} }
	for name, test := range map[string]struct {
		sandbox *paisandbox.Sandbox
		block   string
		want    []shown
	}{
		"none, one condition that the API checks is too much": {
			small, "official = true\nsupported_by = [\"dlc\", \"eas\"]\nlabels = { \"system.framework.PyTorch\" = \"*\" }",
			[]shown{failure(`supported_by = ["dlc", "eas"]`, "No image matches", "Asked for:\n  labels = { \"system.framework.PyTorch\" = \"*\" }\n  official = true\n"+
				"  supported_by = [\"dlc\"]\n  supported_by = [\"eas\"]\n\nWithout this, something matches:\n"+
				"  supported_by = [\"eas\"] (2 images, with no label system.supported.eas)"+region)},
		},
		"none, one condition that is checked here is too much": {
			small, "chip_type = \"CPU\"\nversion = \"~> 9.0\"",
			[]shown{failure(`version = "~> 9.0"`, "No image matches", "Asked for:\n  chip_type = \"CPU\"\n  version = \"~> 9.0\"\n\n"+given+"1 image was found:"+
				table(17, 3)+"Without this, something matches:\n  version = \"~> 9.0\" (1 image, with version 2.9.1)"+region)},
		},
		"none, the name is a part of some": {
			small, "name = \"pytorch:2.9.1\"\nchip_type = \"GPU\"",
			[]shown{failure(`name = "pytorch:2.9.1"`, "No image matches", "Asked for:\n  name = \"pytorch:2.9.1\"\n  chip_type = \"GPU\"\n\n"+given+
				"2 images were found:"+table(25, 2, 1)+"Without this, something matches:\n  name = \"pytorch:2.9.1\" (5 images, with "+
				`name = "modelscope:1.34.0-pytorch2.8", name = "pytorch:2.12PAI-gpu", name = "pytorch:2.9.1-gpu", name = "pytorch:2.9.1-gpu-rebuilt", and 1 more)`+region)},
		},
		"none, either of two conditions is too much": {
			small, "chip_type = \"GPU\"\nname = \"pytorch:2.9.1-cpu\"",
			[]shown{failure(here, "No image matches", "Asked for:\n  name = \"pytorch:2.9.1-cpu\"\n  chip_type = \"GPU\"\n\n"+
				"With any one of these left out, something matches:\n  name = \"pytorch:2.9.1-cpu\" (5 images, with "+
				`name = "modelscope:1.34.0-pytorch2.8", name = "pytorch:2.12PAI-gpu", name = "pytorch:2.9.1-gpu", name = "pytorch:2.9.1-gpu-rebuilt", and 1 more`+
				")\n  chip_type = \"GPU\" (1 image, with chip_type = \"CPU\")"+region)},
		},
		"none, whichever is left out": {
			small, "workspace_id = \"1\"\naccessibility = \"PRIVATE\"\nquery = \"b\"\nimage_uri = \"c\"\nname_regex = \"d\\\\.e\"\nofficial = false",
			[]shown{failure(here, "No image matches", "Asked for:\n  query = \"b\"\n  image_uri = \"c\"\n  workspace_id = \"1\"\n  accessibility = \"PRIVATE\"\n"+
				"  official = false\n  name_regex = \"d\\\\.e\"\n\nNo single one of them is to blame: whichever alone is left out, nothing is found. No image at all meets "+
				"this:\n  image_uri = \"c\" (8 images, with image_uri = \"example.com/team/deeprec2212-gpu\", image_uri = \"example.com/team/trainer:2.9.0\", "+
				"image_uri = \"r.cn-hangzhou.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.8\", image_uri = \"r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.12PAI-gpu\", "+
				"and 4 more)\n  workspace_id = \"1\" (8 images, with workspace_id = \"\", workspace_id = \"20455\", workspace_id = \"31977\")\n"+
				"  name_regex = \"d\\\\.e\" (8 images, with name = \"deeprec2212-gpu\", name = \"modelscope:1.34.0-pytorch2.8\", "+
				"name = \"pytorch:2.12PAI-gpu\", name = \"pytorch:2.9.1-cpu\", and 4 more)"+region)},
		},
		"several": {
			small, "official = true\nchip_type = \"GPU\"\nframework = \"PyTorch\"\nversion = \"~> 2.9\"",
			[]shown{failure(here, "More than one image matches", "3 images match:"+table(25, 2, 1, 0)+
				"Each of these arguments would settle it:\n  image_id = \"…\"         any one of the above\n  most_recent = true     takes "+id(2)+", "+uri(2)+
				"\n  latest_version = true  takes "+id(0)+", "+uri(0)+"\n\nOr ask for more, until one image alone matches.\n\n"+
				"Asked for:\n  official = true\n  chip_type = \"GPU\"\n  framework = \"PyTorch\"\n  version = \"~> 2.9\"")},
		},
		"several, of which one has a version": {
			small, `accessibility = "PRIVATE"`,
			[]shown{failure(here, "More than one image matches", "2 images match:"+table(15, 7, 6)+
				"Each of these arguments would settle it:\n  image_id = \"…\"         any one of the above\n  most_recent = true     takes "+id(7)+", "+uri(7)+
				"\n  latest_version = true  takes "+id(6)+", "+uri(6)+"\n\nOr ask for more, until one image alone matches.\n\n"+
				"Asked for:\n  accessibility = \"PRIVATE\"")},
		},
		"versions of several repositories": {
			small, "official = true\nlatest_version = true",
			[]shown{failure("latest_version = true", "Versions of several repositories can't be compared", "6 images with a version match, and their "+
				"tags hold the versions of different things:\n\n  r.cn-hangzhou.aliyuncs.com/pai/pytorch (5 images)\n  r.cn-hangzhou.aliyuncs.com/pai/modelscope (1 image)\n\n"+
				"Set framework, whose version is then compared, or ask for one repository alone, as in name_regex = \"^pytorch:\".\n\n"+
				"Asked for:\n  official = true")},
		},
		"no version of the tag": {
			small, "workspace_id = \"31977\"\nlatest_version = true",
			[]shown{failure("latest_version = true", "No image has a version to choose by", "Without framework, the version is what the tag of "+
				"image_uri starts with, and none starts with one. 1 image matches:"+table(15, 7)+
				"Choose by most_recent = true, or by image_id.\n\nAsked for:\n  workspace_id = \"31977\"")},
		},
		"no image of this id": {
			small, `image_id = "image-none"`,
			[]shown{failure(`image_id = "image-none"`, "No image has this id", "Asked for: ImageId = \"image-none\"\nAnswer: GetImage at HOST: HTTP 404, "+
				"code 100700004: Image image-none does not exist. RECOMMEND (request ID ID)\n\nThe image may have been deleted, or belong to another "+
				"region: check image_id, and the provider's region and endpoint.")},
		},
		"an image that is something else": {
			small, "image_id = \"" + id(6) + "\"\nofficial = true\nname = \"trainer\"\nversion = \">= 3\"\naccessibility = \"PRIVATE\"\nlabels = { team = \"b\" }",
			[]shown{
				failure(`name = "trainer"`, "The image is not what is asked for", "name = \"trainer\" is asked for, and the image "+id(6)+
					" has name = \"trainer:2.9.0\"."+mend),
				failure(`labels = { team = "b" }`, "The image is not what is asked for", "labels = { \"team\" = \"b\" } is asked for, and the image "+id(6)+
					" has the label team = \"a\"."+mend),
				failure("official = true", "The image is not what is asked for", "official = true is asked for, and the image "+id(6)+
					" has no label system.official."+mend),
				failure(`version = ">= 3"`, "The image is not what is asked for", "version = \">= 3\" is asked for, and the image "+id(6)+
					" has version 2.9.0."+mend),
			},
		},
		"image_id and what can't be checked": {
			small, "image_id = \"image-1\"\nquery = \"x\"\nmost_recent = true",
			[]shown{
				failure(`query = "x"`, "Not together with image_id", "image_id names one image, so that no search is made, which alone could "+
					"check a query. Leave out image_id or query."),
				failure("most_recent = true", "Not together with image_id", "image_id names one image, so that there is nothing to choose. Leave out "+
					"image_id or most_recent."),
			},
		},
		"two choices": {
			small, "latest_version = true\nmost_recent = true",
			[]shown{failure("latest_version = true", "Two choices", "most_recent and latest_version may choose different images. Set one of them.")},
		},
		"a choice that may be a stranger's": {
			small, "most_recent = true\nchip_type = \"CPU\"",
			[]shown{{"warning", "The choice may fall on an image of someone else", "most_recent = true chooses among all images that this account " +
				"sees, and members of other workspaces may add one that matches and is newer or of a higher version. Set official = true for images " +
				"that PAI itself maintains, or workspace_id for those of one workspace.", "most_recent = true"}},
		},
		"more than can be shown": {many, "official = true", nil}, // its table is held below
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := planSays(t, test.sandbox, test.block)
			if test.want == nil {
				if len(got) != 1 || !strings.HasPrefix(got[0].Detail, "65 images match; 10 shown, 55 more:\n\n  gmt_create_time") ||
					strings.Count(got[0].Detail, "\n  2025-01-01T0") != 10 {
					t.Errorf("got %v", got)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
