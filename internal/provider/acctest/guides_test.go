package acctest

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// guides maps the folder of each guide under examples/guides to the guide's test.
var guides = map[string]func(*testing.T){
	"alicloud":        guideAlicloud,
	"filters":         guideFilters,
	"find-image":      guideFindImage,
	"hard-coded-uris": guideHardCodedURIs,
	"many-regions":    guideManyRegions,
	"pin-or-follow":   guidePinOrFollow,
	"pipelines":       guidePipelines,
	"sign-in":         guideSignIn,
	"terraform-test":  guideTerraformTest,
	"troubleshooting": guideTroubleshooting,
}

// TestAccGuides runs the steps of every guide, and compares the CLI's output with the guide's quotes.
func TestAccGuides(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for name, run := range guides {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t)
		})
	}
}

// TestGuidesHaveTests checks that every guide with code has a page, a folder of examples and a test.
func TestGuidesHaveTests(t *testing.T) {
	t.Parallel()
	for pattern, suffix := range map[string]string{"/examples/guides/*": "", "/templates/guides/*.md.tmpl": ".md.tmpl"} {
		paths, err := filepath.Glob(root + pattern)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, path := range paths {
			if suffix != "" && !hasCode.MatchString(readFile(t, path)) {
				continue
			}
			name := strings.TrimSuffix(filepath.Base(path), suffix)
			names = append(names, name)
			if guides[name] == nil {
				t.Errorf("%s has no test", path)
			}
		}
		for name := range guides {
			if !slices.Contains(names, name) {
				t.Errorf("%s lacks %s", pattern, name)
			}
		}
	}
}

// hasCode matches a block of code in a template of a page, or a file that the template includes.
var hasCode = regexp.MustCompile("(?m)^(```|{{ (tf|code)file )")

// Images of the guide pin-or-follow.
const (
	pytorchRepository = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:"

	firstTag   = "2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001" // tag of the image that the guides select first
	releaseTag = "2.10.1-gpu-py312-cu130-ubuntu24.04-5eed1e55-1768546801"
	rebuiltTag = "2.9.1-gpu-py312-cu130-ubuntu24.04-0ddba115-1769000000"
	highestTag = "2.99.0-gpu-py312-cu130-ubuntu24.04" // tag of another account's image
)

// startHangzhou starts a sandbox with the default catalogue in the region of the guides.
func startHangzhou(t *testing.T) *paisandbox.Sandbox {
	t.Helper()
	return providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion})
}

// pytorchImage returns an official image with the same labels as the image with firstTag. Its version is the first part
// of the tag, and its creation time is the last part of the tag that is a Unix time. Hyphens separate the parts.
func pytorchImage(tag string) paisandbox.Image {
	version, _, _ := strings.Cut(tag, "-")
	var created int64
	for word := range strings.SplitSeq(tag, "-") {
		if seconds, err := strconv.ParseInt(word, 10, 64); err == nil {
			created = seconds
		}
	}
	return paisandbox.Official(pytorchRepository+tag,
		paisandbox.L("system.chipType", "GPU"),
		paisandbox.L("system.supported.dlc", "true"),
		paisandbox.L("system.framework.PyTorch", version),
	).CreatedAt(time.Unix(created, 0))
}

// otherAccountImage returns a public image of another account. It has the labels of pytorchImage, and is newer than all
// other images. Its name is that of an official image: nothing proves that the API refuses such names for custom
// images.
func otherAccountImage(tag string) paisandbox.Image {
	version, _, _ := strings.Cut(tag, "-")
	return paisandbox.Custom("66666", "stranger-registry.cn-hangzhou.cr.aliyuncs.com/stranger/pytorch:"+tag,
		paisandbox.L("system.chipType", "GPU"),
		paisandbox.L("system.supported.dlc", "true"),
		paisandbox.L("system.framework.PyTorch", version),
	).With(func(i *paisandbox.Image) {
		i.Name, i.Accessibility = paisandbox.Value("pytorch:"+tag), paisandbox.Value("PUBLIC")
	}).CreatedAt(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
}
