package acctest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccManyDataSourcesAtALimitedRate reads 200 data sources in one plan, where the service throttles above 20 requests a second.
// All succeed, and not many more requests are sent than the service lets pass: those who wait know of each other.
func TestAccManyDataSourcesAtALimitedRate(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const lookups, rate = 200, 20
	for name, test := range map[string]struct {
		beyond   paisandbox.Effect
		provider string   // arguments of its block
		plan     []string // flags
	}{
		"as everything is by default": {beyond: paisandbox.Throttle(http.StatusBadRequest, -1)},
		"as much at once as may be": {
			paisandbox.Throttle(http.StatusTooManyRequests, -1), "max_concurrency = 64", []string{"-parallelism=64"},
		},
		"told to wait": {beyond: paisandbox.Throttle(http.StatusTooManyRequests, 500*time.Millisecond)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(90)}) // one page: one request for each lookup
			folder := newWorkingDir(t, sandbox, fmt.Sprintf(`
provider "pai" {
  %s
}

locals {
  ids = %s
}

data "pai_image" "by_id" {
  count    = %d
  image_id = local.ids[count.index %% length(local.ids)]
}

data "pai_image" "newest" {
  count       = 50
  official    = true
  most_recent = true
}

data "pai_images" "all" {
  count      = 50
  name_regex = "1[.]${count.index}[.]0"
}

output "found" {
  value = length(distinct(data.pai_image.by_id[*].image_uri)) + length(distinct(flatten(data.pai_images.all[*].ids)))
}
`, test.provider, hclList(sandbox.Images()), lookups-100))
			sandbox.AddFault(paisandbox.Fault{Do: paisandbox.LimitRate(rate, test.beyond)})
			begun := time.Now()
			output, err := runCLI(t, folder.path, folder.env, append([]string{"plan", "-no-color", "-input=false"}, test.plan...)...)
			took := time.Since(begun)
			if err != nil || !strings.Contains(output, "+ found = 140") {
				failed := strings.Split(output, "Error: ")
				t.Errorf("%v, %d errors, the last: %s", err, len(failed)-1, failed[len(failed)-1])
			}
			sent, passed := 0, 0
			for _, request := range sandbox.Requests() {
				sent++
				if request.Status == http.StatusOK {
					passed++
				}
			}
			t.Logf("%d lookups took %s, of which the rate alone makes %d s; %d requests were sent and %d let pass",
				lookups, took.Round(100*time.Millisecond), lookups/rate, sent, passed)
			if passed != lookups || sent > passed*3/2 {
				t.Errorf("%d requests were sent for %d that passed", sent, passed)
			}
		})
	}
}

// hclList is a list of the images' ids as HCL has it.
func hclList(images []paisandbox.Image) string {
	ids := make([]string, len(images))
	for i := range images {
		ids[i] = fmt.Sprintf("%q", images[i].ImageID.Or(""))
	}
	return "[" + strings.Join(ids, ", ") + "]"
}
