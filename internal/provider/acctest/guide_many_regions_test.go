package acctest

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func guideManyRegions(t *testing.T) {
	t.Helper()
	page := readGuidePage(t, "many-regions")
	names := []string{"ap-southeast-1", "cn-hangzhou", "cn-shanghai"}
	r := startRegions(t, names...)
	dir := newGuideDir(t, "many-regions", r.sandboxes["cn-hangzhou"])
	dir.env = r.env // the environment sets neither a region nor an endpoint

	const (
		listedTag = "2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
		cpuTag    = "2.9.1-cpu-py312-ubuntu24.04-8b0fe2c4-1767941266"
		nextTag   = releaseTag
	)
	uri := func(region, tag string) string {
		return "dsw-registry-vpc." + region + ".cr.aliyuncs.com/pai/pytorch:" + tag
	}

	// Each region's URI comes from the endpoint of the region.
	if output := dir.apply(); strings.Contains(output, "Warning") {
		t.Errorf("apply printed a warning:\n%s", output)
	}
	for _, region := range names {
		if len(r.sandboxes[region].Requests()) == 0 {
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

	// If a region lists a URI of another region, the plan fails.
	wrong := pytorchImage("2.10.2-gpu-py312-cu130-ubuntu24.04-0a1b2c3d-1772001235") // in cn-hangzhou
	r.sandboxes["cn-shanghai"].Put(wrong)
	wantOutput(t, dir.plan(1), "Error: Resource precondition failed", "is in another region.")
	r.sandboxes["cn-shanghai"].Remove(wrong.ImageID.Or(""))

	// If only one region lists a release, the plan changes only that region's job and prints a warning.
	r.sandboxes["cn-hangzhou"].Put(pytorchImage(nextTag))
	output := dir.plan(2)
	page.wantQuote(t, "Check block assertion failed", output)
	wantOutput(t, output, `module.training_job["cn-hangzhou"].terraform_data.job will be updated in-place`,
		`"`+uri("cn-hangzhou", listedTag)+`" -> "`+uri("cn-hangzhou", nextTag)+`"`)

	// The lookups select an image by name. First, all regions list the image. Then, some regions don't list it.
	before = dir.edit(module, "latest_version = true", `name = "pytorch:`+listedTag+`"`)
	dir.plan(0)
	dir.write(module, before)
	dir.edit(module, "latest_version = true", `name = "pytorch:`+nextTag+`"`)
	wantOutput(t, dir.plan(1), "Error: No image matches", `with module.training_job["cn-shanghai"].data.pai_image.pytorch`,
		`name = "pytorch:`+nextTag+`"`)
	dir.write(module, before)

	// Without a region, the lookup reports an error, because the provider has none, either.
	before = dir.edit(module, "  region         = var.region\n", "")
	wantOutput(t, dir.plan(1), "Error: Missing region")
	dir.write(module, before)

	// A single lookup in all regions, as on the page.
	_, block, _ := strings.Cut(page.content, "works under `for_each`, too:\n\n```terraform\n")
	block, _, _ = strings.Cut(block, "```")
	dir.write("single.tf", strings.ReplaceAll(block, `"pytorch" {`, `"single" {`)+
		"output \"single\" {\n  value = [for found in data.pai_image.single : found.image_uri]\n}\n")
	output = dir.plan(2)
	for _, region := range names {
		wantOutput(t, output, uri(region, listedTag))
	}

	// With depends_on, the URI is unknown in the plan, so the precondition can't fail.
	dir.edit("main.tf", "for_each = var.machines", "for_each = var.machines\n  depends_on = [terraform_data.before]")
	dir.write("before.tf", "resource \"terraform_data\" \"before\" {\n}\n")
	dir.init()
	wantOutput(t, dir.plan(2, cpuInShanghai), `"`+uri("cn-shanghai", listedTag)+`" -> (known after apply)`)
}

// TestAccSandboxPage runs the commands of the guide on the sandbox, and plans the guide on many regions with the
// variables that the sandbox prints. The sandbox serves each region its own images.
func TestAccSandboxPage(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	catalogue, programs := filepath.Join(t.TempDir(), "catalogue.json"), t.TempDir()
	runShell(t, "go build -o '"+programs+"' ./cmd/paisandbox ./tools/demo/changeimages")
	content := strings.NewReplacer(
		"go run ./cmd/", programs+"/", "go run ./tools/demo/", programs+"/", "catalogue.json", catalogue, ":8080", ":0",
	).Replace(readFile(t, filepath.Join(root, "templates", "guides", "sandbox.md.tmpl")))
	// command returns the only command of the page that contains the text.
	command := func(text string) string {
		commands := regexp.MustCompile(`(?m)^   \S+/(paisandbox|changeimages) .*`+text+`.*$`).FindAllString(content, -1)
		if len(commands) != 1 {
			t.Fatalf("the page has the commands %q with %q, want 1", commands, text)
		}
		return strings.TrimSpace(commands[0])
	}
	runShell(t, command("-dump-catalogue"))
	dir := &workingDir{t: t, path: t.TempDir(), env: startPrinted(t, command("-addr"))}
	copyFiles(t, dir.path, filepath.Join(root, "examples", "guides", "many-regions"))
	dir.init()

	// uris returns the URI of each region.
	uris := func() map[string]string {
		found := make(map[string]string)
		line := regexp.MustCompile(`"([a-z0-9-]+)" = "(\S+)"`)
		for _, match := range line.FindAllStringSubmatch(dir.run("output", "-no-color", "image_uris"), -1) {
			found[match[1]] = match[2]
		}
		return found
	}
	dir.apply()
	first := uris()
	for _, region := range []string{"ap-southeast-1", "cn-hangzhou", "cn-shanghai"} {
		if !strings.HasPrefix(first[region], "dsw-registry-vpc."+region+".cr.aliyuncs.com/pai/pytorch:2.9.1-") {
			t.Errorf("%s: got the URI %q", region, first[region])
		}
	}
	dir.plan(0)

	// In a region without images, the error leads to the region.
	before := dir.edit("main.tf", "cn-shanghai  ", "cn-shangai")
	wantOutput(t, dir.plan(1), "Error: Not found by the PAI API", "the sandbox has no region", "Check `region`")
	dir.write("main.tf", before)

	// A region lists a newer image. Then, another region no longer lists its image.
	added := strings.TrimSpace(runShell(t, strings.Replace(command("-add-after"), "URI", first["cn-hangzhou"], 1)))
	wantOutput(t, dir.plan(2), `module.training_job["cn-hangzhou"].terraform_data.job will be updated in-place`,
		`"`+first["cn-hangzhou"]+`" -> "`+added+`"`, "Plan: 0 to add, 1 to change, 0 to destroy.")
	runShell(t, strings.Replace(command("-remove"), "URI", added, 1))
	dir.plan(0)
	runShell(t, strings.Replace(command("-remove"), "URI", first["cn-shanghai"], 1))
	wantOutput(t, dir.plan(1), "Error: No image matches", `with module.training_job["cn-shanghai"].data.pai_image.pytorch`)
}

// runShell runs a command in the checkout and returns its standard output.
func runShell(t *testing.T, command string) string {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "sh", "-euc", command)
	shell.Dir = root
	output, err := shell.Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return string(output)
}

// startPrinted starts the sandbox with a command, and returns the environment variables that a shell gets from the
// output. The sandbox stops at the end of the test.
func startPrinted(t *testing.T, command string) []string {
	t.Helper()
	arguments := strings.Fields(command)
	program := exec.CommandContext(t.Context(), arguments[0], arguments[1:]...)
	stdout, err := program.StdoutPipe()
	if err == nil {
		err = program.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Wait() }) // the context of the test has ended
	var script strings.Builder
	for lines := bufio.NewScanner(stdout); !strings.Contains(script.String(), "ACCESS_KEY_SECRET") && lines.Scan(); {
		script.WriteString(lines.Text() + "\n")
	}
	var environ []string
	for line := range strings.Lines(runShell(t, script.String()+"env")) {
		if strings.HasPrefix(line, "ALIBABA_CLOUD_") {
			environ = append(environ, strings.TrimSpace(line))
		}
	}
	return environ
}
