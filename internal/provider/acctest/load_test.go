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

// manyDataSources is a format string of a configuration with 200 data sources, whose requests all differ. Its values
// are the arguments of the provider block and the list of image IDs.
const manyDataSources = `
provider "pai" {
  %s
}

locals {
  ids   = %s
  names = [for number in range(50) : "numbered:1.${number}.0-gpu-py312"]
}

data "pai_image" "by_id" {
  count    = length(local.ids)
  image_id = local.ids[count.index]
}

data "pai_image" "by_name" {
  count    = length(local.names)
  name     = local.names[count.index]
  official = true
}

data "pai_images" "by_name" {
  count = length(local.names)
  name  = local.names[count.index]
}

output "found" {
  value = length(distinct(concat(data.pai_image.by_id[*].image_uri, data.pai_image.by_name[*].image_uri))) + length(
    distinct(flatten(data.pai_images.by_name[*].ids)))
}
`

// TestAccManyDataSourcesAtALimitedRate reads 200 data sources in one plan, while the service allows 20 requests per
// second. All lookups must succeed. The service may throttle at most a third of the requests, because the client also
// delays its other requests after a throttled request.
func TestAccManyDataSourcesAtALimitedRate(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const lookups, rate = 200, 20
	for name, test := range map[string]struct {
		throttled paisandbox.Effect // response to requests above the rate
		provider  string            // arguments of the provider block
		flags     []string          // flags of the plan command
	}{
		"defaults": {throttled: paisandbox.Throttle(http.StatusBadRequest, -1)},
		"highest concurrency": {
			paisandbox.Throttle(http.StatusTooManyRequests, -1), "max_concurrency = 64", []string{"-parallelism=64"},
		},
		"Retry-After": {throttled: paisandbox.Throttle(http.StatusTooManyRequests, 500*time.Millisecond)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// All images are on one page, so that every lookup needs one request.
			sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(100)})
			dir := newWorkingDir(t, sandbox, fmt.Sprintf(manyDataSources, test.provider, hclList(sandbox.Images())))
			sandbox.AddFault(paisandbox.Fault{Do: paisandbox.LimitRate(rate, test.throttled)})
			begin := time.Now()
			output, err := runCLI(t, dir.path, dir.env, append([]string{"plan", "-no-color", "-input=false"}, test.flags...)...)
			took := time.Since(begin)
			if err != nil || !strings.Contains(output, "+ found = 150") {
				parts := strings.Split(output, "Error: ")
				t.Errorf("plan ended with %v and printed %d errors; last part of its output:\n%s",
					err, len(parts)-1, parts[len(parts)-1])
			}
			sent, succeeded := 0, 0
			for _, request := range sandbox.Requests() {
				sent++
				if request.Status == http.StatusOK {
					succeeded++
				}
			}
			t.Logf("%d lookups took %s (at least %d s at this rate), with %d requests, of which %d succeeded",
				lookups, took.Round(100*time.Millisecond), lookups/rate, sent, succeeded)
			if succeeded != lookups || sent > succeeded*3/2 {
				t.Errorf("%d of %d requests succeeded, want %d of at most %d", succeeded, sent, lookups, lookups*3/2)
			}
		})
	}
}

// equalDataSources is a configuration with 200 data sources, whose requests are all equal. They differ only in filters
// that the provider evaluates.
const equalDataSources = `
data "pai_images" "numbered" {
  count      = 200
  name_regex = "1[.]${count.index}[.]0"
}

output "found" {
  value = length(distinct(flatten(data.pai_images.numbered[*].ids)))
}
`

// TestAccDataSourcesShareLists reads 200 data sources with the same request in one plan. The CLI reads ten at a time,
// so about twenty lists are enough. On a busy machine, some of ten reads can start too late to share the list.
func TestAccDataSourcesShareLists(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(99)})
	dir := newWorkingDir(t, sandbox, equalDataSources)
	wantOutput(t, dir.run("plan", "-no-color", "-input=false"), "+ found = 99")
	requests := len(sandbox.Requests())
	t.Logf("200 lookups sent %d requests", requests)
	if requests < 20 || requests > 100 {
		t.Errorf("%d requests, want 20 to 100", requests)
	}
}

// hclList returns the images' IDs as a list in HCL.
func hclList(images []paisandbox.Image) string {
	ids := make([]string, len(images))
	for i := range images {
		ids[i] = fmt.Sprintf("%q", images[i].ImageID.Or(""))
	}
	return "[" + strings.Join(ids, ", ") + "]"
}
