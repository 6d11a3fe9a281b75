package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// threeRegions lists all images in three regions with one provider block.
const threeRegions = `
data "pai_images" "all" {
  for_each = toset(["ap-southeast-1", "cn-hangzhou", "cn-shanghai"])
  region   = each.key
}

output "regions" {
  value = join(" ", [for region, found in data.pai_images.all : "${region}=${found.region}:${found.total_count}"])
}
`

// TestAccRegionPerDataSource checks that one provider block serves several regions: which hosts of the API and of STS
// are called, and how often the role is assumed.
func TestAccRegionPerDataSource(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for name, test := range map[string]struct {
		arguments string
		api, sts  string // REGION is a placeholder in api
	}{
		"no region of the provider": {"", "aiworkspace.REGION.aliyuncs.com", "sts.aliyuncs.com"},
		"region of the provider": {
			`region = "cn-shanghai"`, "aiworkspace.REGION.aliyuncs.com", "sts.cn-shanghai.aliyuncs.com",
		},
		"unknown region": {
			`region = terraform_data.region.output`, "aiworkspace.REGION.aliyuncs.com", "sts.aliyuncs.com",
		},
		"endpoint": {
			`endpoint = "aiworkspace.{region}.example.com"`, "aiworkspace.REGION.example.com", "sts.aliyuncs.com",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			dir := c.newWorkingDir(t, "provider \"pai\" {\n"+test.arguments+"\n"+assumeReader+"\n}\n"+threeRegions+
				"resource \"terraform_data\" \"region\" {\n  input = \"cn-shanghai\"\n}\n")
			dir.env = slices.Concat(c.env, keyVariables())
			wantOutput(t, dir.plan(2),
				"ap-southeast-1=ap-southeast-1:3 cn-hangzhou=cn-hangzhou:3 cn-shanghai=cn-shanghai:3")
			var want []string
			for _, region := range []string{"ap-southeast-1", "cn-hangzhou", "cn-shanghai"} {
				want = append(want, strings.ReplaceAll(test.api, "REGION", region))
			}
			if got := hosts(c.Requests()); !slices.Equal(got, want) {
				t.Errorf("the API was called at %q, want one request to each of %q", got, want)
			}
			if got := hosts(c.sts.Requests()); !slices.Equal(got, []string{test.sts}) {
				t.Errorf("STS was called at %q, want one request to %s", got, test.sts)
			}
		})
	}
}

// hosts returns the sorted hosts of the requests, with repetitions.
func hosts(requests []paisandbox.Request) []string {
	var hosts []string
	for _, request := range requests {
		hosts = append(hosts, request.Host)
	}
	slices.Sort(hosts)
	return hosts
}

// TestAccNothingIsNeeded checks that a configuration that reads no data source needs no region, no credentials and no
// valid environment. The provider block names a profile that doesn't exist.
func TestAccNothingIsNeeded(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for name, test := range map[string]struct {
		configuration string
		functions     bool
	}{
		"count of zero": {configuration: `
data "pai_images" "none" {
  count = 0
}
data "pai_image" "none" {
  for_each    = toset([])
  region      = each.key
  most_recent = true
}
output "done" {
  value = length(data.pai_images.none)
}
`},
		"function": {functions: true, configuration: `
output "done" {
  value = provider::pai::parse_image_uri("example.com/team/trainer:2.9.0").tag
}
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.functions {
				needsFunctions(t)
			}
			c := startCloud(t, 3)
			dir := c.newWorkingDir(t, "provider \"pai\" {\n  profile = \"nowhere\"\n}\n"+test.configuration)
			dir.env = slices.Concat(c.env, []string{
				"ALIBABA_CLOUD_REGION=not a region", "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=http://example.com",
			})
			wantOutput(t, dir.plan(2), "+ done")
			for _, request := range c.proxy.Requests() {
				t.Errorf("unexpected request to %s", request.Host)
			}
		})
	}
}

// TestAccSavedPlan applies a saved plan in an environment without the region and the profile with which it was planned.
func TestAccSavedPlan(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	c := startCloud(t, 3)
	dir := c.newWorkingDir(t, `
provider "pai" {
  profile = "plan"
}

data "pai_images" "all" {}

resource "terraform_data" "job" {
  input = "${data.pai_images.all.total_count} images in ${data.pai_images.all.region}"
}
`)
	c.write(t, ".aliyun/config.json", `{"profiles":[{"name":"plan","mode":"AK","region_id":"cn-shanghai",`+
		`"access_key_id":"`+keyID+`","access_key_secret":"`+keySecret+`"}]}`)
	dir.plan(2, "-out=saved.tfplan")
	planned := len(c.Requests())

	dir.env = nil // neither the home directory with the profile nor a proxy
	wantOutput(t, dir.run("apply", "-no-color", "-input=false", "saved.tfplan"), "1 added")
	if got := len(c.Requests()); planned == 0 || got != planned {
		t.Errorf("apply sent %d requests after %d, want none", got-planned, planned)
	}
	wantOutput(t, dir.run("show", "-no-color"), `"3 images in cn-shanghai"`)
	wantOutput(t, dir.plan(1), `no profile "plan"`)
}

// TestAccRepeatedErrors fails twenty reads for the same reason. The full text of the error must appear once.
func TestAccRepeatedErrors(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for name, test := range map[string]struct {
		arguments, summary, once string
		environ                  []string
	}{
		"region": {keyArguments, "Missing region", "would use cn-beijing", nil},
		"no credential source": {
			`region = "cn-hangzhou"`, "Cannot find credentials", "Run `aliyun configure`",
			[]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED=true"},
		},
		"role": {
			`region = "cn-hangzhou"` + keyArguments + assumeReader, "Cannot get credentials", "NoPermission", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			c.sts.AddFault(paisandbox.Fault{Do: paisandbox.APIError(403, "NoPermission", "denied")})
			dir := c.newWorkingDir(t, "provider \"pai\" {\n"+test.arguments+"\n}\n"+
				"data \"pai_images\" \"all\" {\n  count = 20\n}\n")
			dir.env = slices.Concat(c.env, test.environ)
			details := make(map[string]int)
			for _, d := range decodeDiagnostics(t, dir.runStatus(1, "plan", "-json", "-input=false")) {
				if d.Summary != test.summary {
					t.Errorf("got the error %q, want %q", d.Summary, test.summary)
				}
				details[d.Detail]++
			}
			repeated := fmt.Sprintf("Another %q error of this run has the cause and the fix.", test.summary)
			if len(details) != 2 || details[repeated] != 19 {
				t.Errorf("got these details, want 19 of %q and 1 other: %v", repeated, details)
			}
			if full := strings.Join(slices.Collect(maps.Keys(details)), ""); strings.Count(full, test.once) != 1 {
				t.Errorf("%q is not once in %s", test.once, full)
			}
		})
	}
}

// TestAccThreeRegionsAtOnce checks that one plan sends the requests of three regions at the same time. Each sandbox
// waits until the first request of every region has arrived.
func TestAccThreeRegionsAtOnce(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	r := startRegions(t, "ap-southeast-1", "cn-hangzhou", "cn-shanghai")
	var arrived sync.WaitGroup
	arrived.Add(len(r.sandboxes))
	all := make(chan struct{})
	go func() {
		arrived.Wait()
		close(all)
	}()
	for region, sandbox := range r.sandboxes {
		sandbox.BeforeRequest(1, func(*paisandbox.Sandbox) {
			arrived.Done()
			select {
			case <-all:
			case <-time.After(20 * time.Second):
				t.Errorf("%s: the requests of the other regions did not arrive within 20 seconds", region)
			}
		})
	}
	dir := newWorkingDir(t, r.sandboxes["cn-hangzhou"], threeRegions)
	dir.env = r.env
	dir.plan(2)
}
