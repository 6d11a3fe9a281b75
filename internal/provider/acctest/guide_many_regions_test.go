package acctest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

func guideManyRegions(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "many-regions")
	regions := []string{"ap-southeast-1", "cn-hangzhou", "cn-shanghai"}
	sandboxes := make(map[string]*paisandbox.Sandbox)
	for _, region := range regions {
		sandboxes[region] = providertest.Start(t, paisandbox.Options{Region: region})
	}
	dir := newGuideDir(t, "many-regions", sandboxes["cn-hangzhou"])
	needsAliasedFunctions(t)
	dir.write("sandbox_override.tf", overrideEndpoints(t, filepath.Join(dir.path, "main.tf"), sandboxes))
	// Regions and endpoints come only from the configuration, so the environment has only the keys.
	dir.env = slices.DeleteFunc(dir.env, func(variable string) bool {
		return !strings.HasPrefix(variable, "ALIBABA_CLOUD_ACCESS_KEY_")
	})

	const (
		listedTag = "2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
		cpuTag    = "2.9.1-cpu-py312-ubuntu24.04-8b0fe2c4-1767941266"
		nextTag   = "2.9.2-gpu-py312-cu130-ubuntu24.04-0a1b2c3d-1772001234"
	)
	uri := func(region, tag string) string {
		return "dsw-registry-vpc." + region + ".cr.aliyuncs.com/pai/pytorch:" + tag
	}

	// Each region's URI comes from the endpoint of the region.
	if output := dir.apply(); strings.Contains(output, "Warning") {
		t.Errorf("apply printed a warning:\n%s", output)
	}
	for _, region := range regions {
		if len(sandboxes[region].Requests()) == 0 {
			t.Errorf("%s received no request", region)
		}
	}
	page.wantQuote(t, `"ap-southeast-1" =`, dir.run("output", "-no-color", "image_uris"))
	dir.plan(0)

	// If the machine type lacks the image's chip, the plan fails. It succeeds if the lookup filters by the machine's chip.
	const cpuInShanghai = `-var=machines={
		cn-hangzhou    = { type = "ecs.gn7i-c8g1.2xlarge", chip = "GPU" }
		cn-shanghai    = { type = "ecs.g7.2xlarge", chip = "CPU" }
		ap-southeast-1 = { type = "ecs.gn6i-c8g1.2xlarge", chip = "GPU" }
	}`
	page.wantQuote(t, "made for GPU", dir.plan(1, cpuInShanghai))
	const module = "training-job/main.tf"
	before := dir.edit(module, `chip_type      = "GPU"`, "chip_type = var.machine.chip")
	wantOutput(t, dir.plan(2, cpuInShanghai), `"`+uri("cn-shanghai", listedTag)+`" -> "`+uri("cn-shanghai", cpuTag)+`"`,
		"Plan: 0 to add, 1 to change, 0 to destroy.")
	dir.write(module, before)

	// If only one region lists a release, the plan changes only that region's job and prints a warning.
	sandboxes["cn-hangzhou"].Put(pytorchImage(nextTag))
	output := dir.plan(2)
	page.wantQuote(t, "Check block assertion failed", output)
	wantOutput(t, output, "module.hangzhou.terraform_data.job will be updated in-place",
		`"`+uri("cn-hangzhou", listedTag)+`" -> "`+uri("cn-hangzhou", nextTag)+`"`)

	// The lookups select an image by name. First, all regions list the image. Then, some regions don't list it.
	before = dir.edit(module, "latest_version = true", `name = "pytorch:`+listedTag+`"`)
	dir.plan(0)
	dir.write(module, before)
	dir.edit(module, "latest_version = true", `name = "pytorch:`+nextTag+`"`)
	wantOutput(t, dir.plan(1), "Error: No image matches", "with module.shanghai.data.pai_image.pytorch",
		`name = "pytorch:`+nextTag+`"`)
	dir.write(module, before)

	// If a module call passes the provider of another region, the plan fails.
	before = dir.edit("main.tf", "pai = pai.shanghai", "pai = pai.hangzhou")
	dir.init()
	page.wantQuote(t, "in another region", dir.plan(1))
	dir.write("main.tf", before)

	// With depends_on, the URI is unknown in the plan, so the preconditions can't fail.
	dir.edit("main.tf", "providers = { pai = pai.shanghai }",
		"providers = { pai = pai.shanghai }\n  depends_on = [terraform_data.before]")
	dir.write("before.tf", "resource \"terraform_data\" \"before\" {\n}\n")
	dir.init()
	wantOutput(t, dir.plan(2, cpuInShanghai), `"`+uri("cn-shanghai", listedTag)+`" -> (known after apply)`)
}

// overrideEndpoints returns an override file for the configuration in file. It sets the endpoint of each provider block
// to the sandbox of the block's region.
func overrideEndpoints(t *testing.T, file string, sandboxes map[string]*paisandbox.Sandbox) string {
	t.Helper()
	content := readFile(t, file)
	blocks := regexp.MustCompile(`provider "pai" {\n  alias  = "(.*)"\n  region = "(.*)"\n}`).
		FindAllStringSubmatch(content, -1)
	var override strings.Builder
	for _, block := range blocks {
		alias, region := block[1], block[2]
		if sandboxes[region] == nil {
			t.Fatalf("no sandbox for the region %s", region)
		}
		_, _ = fmt.Fprintf(&override, "provider \"pai\" {\n  alias    = %q\n  endpoint = %q\n}\n",
			alias, sandboxes[region].URL())
	}
	if len(blocks) != len(sandboxes) {
		t.Fatalf("%s has %d provider blocks, want %d", file, len(blocks), len(sandboxes))
	}
	return override.String()
}
