package acctest

import (
	"fmt"
	"os"
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
	needsAliasesInFunctions(t)
	dir.write("sandbox_override.tf", endpoints(t, filepath.Join(dir.path, "main.tf"), sandboxes))
	// The regions and the endpoints are those of the configuration, and no others.
	dir.env = slices.DeleteFunc(dir.env, func(variable string) bool {
		return !strings.HasPrefix(variable, "ALIBABA_CLOUD_ACCESS_KEY_")
	})

	const (
		release = "2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
		forCPU  = "2.9.1-cpu-py312-ubuntu24.04-5d2f0c11-1767942002"
		next    = "2.9.2-gpu-py312-cu130-ubuntu24.04-0a1b2c3d-1772001234"
	)
	uri := func(region, tag string) string {
		return "dsw-registry-vpc." + region + ".cr.aliyuncs.com/pai/pytorch:" + tag
	}
	pytorch := func(region, tag, chip string) paisandbox.Image {
		version, _, _ := strings.Cut(tag, "-")
		return paisandbox.Official(uri(region, tag), paisandbox.L("system.chipType", chip),
			paisandbox.L("system.supported.dlc", "true"), paisandbox.L("system.framework.PyTorch", version))
	}

	// One URI for each region, each asked for where it is.
	if printed := dir.apply(); strings.Contains(printed, "Warning") {
		t.Errorf("apply warns: %s", printed)
	}
	for _, region := range regions {
		if requests := sandboxes[region].Requests(); len(requests) == 0 {
			t.Errorf("%s was not asked", region)
		}
	}
	page.quotes(t, `"ap-southeast-1" =`, dir.run("output", "-no-color", "image_uris"))
	dir.plan(0)

	// A machine without the chip stops the plan. Where the image follows the machine, it gets another image.
	noGPU := `-var=machines={
		cn-hangzhou    = { type = "ecs.gn7i-c8g1.2xlarge", chip = "GPU" }
		cn-shanghai    = { type = "ecs.g7.2xlarge", chip = "CPU" }
		ap-southeast-1 = { type = "ecs.gn6i-c8g1.2xlarge", chip = "GPU" }
	}`
	page.quotes(t, "made for GPU", dir.plan(1, noGPU))
	sandboxes["cn-shanghai"].Put(pytorch("cn-shanghai", forCPU, "CPU"))
	dir.plan(1, noGPU)
	const job = "training-job/main.tf"
	written := dir.edit(job, `chip_type      = "GPU"`, "chip_type = var.machine.chip")
	wantOutput(t, dir.plan(2, noGPU), `"`+uri("cn-shanghai", release)+`" -> "`+uri("cn-shanghai", forCPU)+`"`,
		"Plan: 0 to add, 1 to change, 0 to destroy.")
	dir.write(job, written)

	// A release that is in one region so far: a change there alone, and a warning.
	sandboxes["cn-hangzhou"].Put(pytorch("cn-hangzhou", next, "GPU"))
	printed := dir.plan(2)
	page.quotes(t, "Check block assertion failed", printed)
	wantOutput(t, printed, "module.hangzhou.terraform_data.job will be updated in-place",
		`"`+uri("cn-hangzhou", release)+`" -> "`+uri("cn-hangzhou", next)+`"`)

	// The same image everywhere, by its name: one that all have, and one that they don't have yet.
	written = dir.edit(job, "latest_version = true", `name = "pytorch:`+release+`"`)
	dir.plan(0)
	dir.write(job, written)
	dir.edit(job, "latest_version = true", `name = "pytorch:`+next+`"`)
	wantOutput(t, dir.plan(1), "Error: No image matches", "with module.shanghai.data.pai_image.pytorch", `name = "pytorch:`+next+`"`)
	dir.write(job, written)

	// A module call that passes another region's provider.
	written = dir.edit("main.tf", "pai = pai.shanghai", "pai = pai.hangzhou")
	dir.run("init", "-no-color", "-input=false")
	page.quotes(t, "in another region", dir.plan(1))
	dir.write("main.tf", written)

	// With depends_on the URI is unknown, and what doesn't fit isn't found out.
	dir.edit("main.tf", "providers = { pai = pai.shanghai }", "providers = { pai = pai.shanghai }\n  depends_on = [terraform_data.before]")
	dir.write("before.tf", "resource \"terraform_data\" \"before\" {\n}\n")
	dir.run("init", "-no-color", "-input=false")
	wantOutput(t, dir.plan(2, noGPU), `"`+uri("cn-shanghai", release)+`" -> (known after apply)`)
}

// endpoints is an override file: Terraform merges its provider blocks into those of the file, which name regions alone, and
// each asks the sandbox of its region.
func endpoints(t *testing.T, file string, sandboxes map[string]*paisandbox.Sandbox) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`provider "pai" {\n  alias  = "(.*)"\n  region = "(.*)"\n}`).FindAllStringSubmatch(string(content), -1)
	var override strings.Builder
	for _, block := range blocks {
		alias, region := block[1], block[2]
		if sandboxes[region] == nil {
			t.Fatalf("there is no sandbox for %s", region)
		}
		_, _ = fmt.Fprintf(&override, "provider \"pai\" {\n  alias    = %q\n  endpoint = %q\n}\n", alias, sandboxes[region].URL())
	}
	if len(blocks) != len(sandboxes) {
		t.Fatalf("%d provider blocks, %d regions", len(blocks), len(sandboxes))
	}
	return override.String()
}
