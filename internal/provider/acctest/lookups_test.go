package acctest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// factories create the server of the provider, which the CLI uses in this process.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"pai": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("1.2.3", "0a1b2c3")(), nil },
}

// configuration returns a configuration with the blocks, and with a provider block for the sandbox.
func configuration(sandbox *paisandbox.Sandbox, blocks string) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    pai = {
      source = %q
    }
  }
}

provider "pai" {
  endpoint   = %q
  access_key = %q
  secret_key = %q
}
`, build.Address, sandbox.URL(), paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret) + blocks
}

// expectList returns a check that a list consists of these strings.
func expectList(elements ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(elements))
	for i, element := range elements {
		checks[i] = knownvalue.StringExact(element)
	}
	return knownvalue.ListExact(checks)
}

// TestAccImages checks the state of pai_images, and the plan after the catalogue has changed.
func TestAccImages(t *testing.T) {
	t.Parallel()
	const repository = "registry.cn-hangzhou.aliyuncs.com/pai/pytorch:"
	created := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	image := func(version string, days int) paisandbox.Image {
		return paisandbox.Official(repository+version, paisandbox.L("system.framework.PyTorch", version)).
			CreatedAt(created.AddDate(0, 0, days))
	}
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: []paisandbox.Image{
		image("2.8.0", 0), image("2.9.0", 1), image("3.0.0rc1", 2),
		paisandbox.Custom("20455", "example.com/team/pytorch:2.9.5").CreatedAt(created),
	}})
	config := configuration(sandbox, `
data "pai_images" "pytorch" {
  official  = true
  framework = "PyTorch"
  version   = "~> 2.8"
  order     = "DESC"
}

resource "terraform_data" "job" {
  input = data.pai_images.pytorch.image_uris[0]
}
`)
	expect := func(path tfjsonpath.Path, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.pai_images.pytorch", path, check)
	}
	newest := tfjsonpath.New("images").AtSliceIndex(0)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					expect(tfjsonpath.New("image_uris"), expectList(repository+"2.9.0", repository+"2.8.0")),
					expect(tfjsonpath.New("names"), expectList("pytorch:2.9.0", "pytorch:2.8.0")),
					expect(tfjsonpath.New("ids"), knownvalue.ListSizeExact(2)),
					expect(tfjsonpath.New("total_count"), knownvalue.Int64Exact(3)),
					expect(tfjsonpath.New("page_size"), knownvalue.Null()),
					expect(newest.AtMapKey("gmt_create_time"), knownvalue.StringExact("2026-03-05T05:06:07.000Z")),
					expect(newest.AtMapKey("size"), knownvalue.Int64Exact(4_500_000_000)),
					expect(newest.AtMapKey("label_list").AtSliceIndex(0).AtMapKey("key"),
						knownvalue.StringExact("system.official")),
					expect(newest.AtMapKey("label_map"), knownvalue.MapExact(map[string]knownvalue.Check{
						"system.official":          knownvalue.StringExact("true"),
						"system.framework.PyTorch": knownvalue.StringExact("2.9.0"),
					})),
				},
			},
			{
				Config:           config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			{
				PreConfig: func() { sandbox.Put(image("2.10.1", 9)) },
				Config:    config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("terraform_data.job", plancheck.ResourceActionUpdate),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					expect(tfjsonpath.New("image_uris"),
						expectList(repository+"2.10.1", repository+"2.9.0", repository+"2.8.0")),
				},
			},
		},
	})
}

// TestAccManyPages checks that a list without filters has all images of a catalogue of several pages (design rule 1).
func TestAccManyPages(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(437)})
	var checks []statecheck.StateCheck
	for attribute, check := range map[string]knownvalue.Check{
		"images": knownvalue.ListSizeExact(437), "ids": knownvalue.ListSizeExact(437),
		"total_count": knownvalue.Int64Exact(437),
	} {
		checks = append(checks, statecheck.ExpectKnownValue("data.pai_images.all", tfjsonpath.New(attribute), check))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration(sandbox, `data "pai_images" "all" {}`), ConfigStateChecks: checks,
		}},
	})
}

// TestAccImage checks the image that each argument of pai_image selects.
func TestAccImage(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	id := providertest.SmallCatalogue()[2].ImageID.Or("")
	rows := []struct {
		name, arguments string
		want            string // name of the image
		matched         int64
	}{
		{"image_id", `image_id = "` + id + `"`, "pytorch:2.9.1-gpu-rebuilt", 1},
		{
			"image_id_and_filters", `image_id = "` + id + "\"\nofficial = true\nversion = \"~> 2.9\"",
			"pytorch:2.9.1-gpu-rebuilt", 1,
		},
		{"name", `name = "pytorch:2.9.1-gpu"`, "pytorch:2.9.1-gpu", 1},
		{"image_uri", `image_uri = "r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu"`, "pytorch:2.9.1-gpu", 1},
		{"query", `query = "Image modelscope"`, "modelscope:1.34.0-pytorch2.8", 1},
		{"labels", `labels = { team = "a" }`, "trainer-2-9-0", 1},
		{"workspace_id", `workspace_id = "20455"`, "trainer-2-9-0", 1},
		{"accessibility", "accessibility = \"PRIVATE\"\nversion = \"2.9.0\"", "trainer-2-9-0", 1},
		{"not_official", "official = false\nname_regex = \"deeprec\"", "deeprec2212-gpu", 1},
		{"supported_by", "official = true\nsupported_by = [\"dlc\"]\nversion = \"< 2.10\"", "pytorch:2.9.1-gpu", 1},
		{"chip_type", `chip_type = "CPU"`, "pytorch:2.9.1-cpu", 1},
		{"framework", "framework = \"PyTorch\"\nversion = \"~> 2.8.0\"", "modelscope:1.34.0-pytorch2.8", 1},
		{"version", `version = "3.0.0-rc1"`, "pytorch:v3.0.0rc1-gpu", 1},
		{"name_regex", `name_regex = "^model"`, "modelscope:1.34.0-pytorch2.8", 1},
		{"repository", `repository = "pai/modelscope"`, "modelscope:1.34.0-pytorch2.8", 1},
		{
			"exclude_name_regex", "supported_by = [\"dlc\"]\nexclude_name_regex = \"PAI\"", "pytorch:2.9.1-gpu", 1,
		},
		{"most_recent", "official = true\nmost_recent = true\nchip_type = \"GPU\"", "modelscope:1.34.0-pytorch2.8", 5},
		{
			"latest_version", "official = true\nlatest_version = true\nframework = \"PyTorch\"\nrepository = \"pytorch\"",
			"pytorch:2.12PAI-gpu", 5,
		},
		{"timeouts", "chip_type = \"CPU\"\ntimeouts = { read = \"1m\" }", "pytorch:2.9.1-cpu", 1},
	}
	var blocks strings.Builder
	var checks []statecheck.StateCheck
	expect := func(block, attribute string, check knownvalue.Check) {
		checks = append(checks, statecheck.ExpectKnownValue("data.pai_image."+block, tfjsonpath.New(attribute), check))
	}
	for _, row := range rows {
		fmt.Fprintf(&blocks, "data \"pai_image\" %q {\n%s\n}\n", row.name, row.arguments)
		expect(row.name, "name", knownvalue.StringExact(row.want))
		expect(row.name, "matched_count", knownvalue.Int64Exact(row.matched))
	}
	expect("workspace_id", "image_uri", knownvalue.StringExact("example.com/team/trainer:2.9.0"))
	expect("workspace_id", "gmt_create_time", knownvalue.StringExact("2026-01-07T00:00:00.000Z"))
	expect("workspace_id", "size", knownvalue.Int64Exact(4_500_000_000))
	team := knownvalue.StringExact("a")
	expect("workspace_id", "label_map", knownvalue.MapExact(map[string]knownvalue.Check{"team": team}))
	expect("workspace_id", "label_list", knownvalue.ListExact([]knownvalue.Check{
		knownvalue.ObjectExact(map[string]knownvalue.Check{"key": knownvalue.StringExact("team"), "value": team}),
	}))
	expect("workspace_id", "most_recent", knownvalue.Null())
	expect("workspace_id", "official", knownvalue.Null())
	config := configuration(sandbox, blocks.String())
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config, ConfigStateChecks: checks},
			{
				Config:           config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
		},
	})
}

// TestAccUnknownArguments checks that a data source with an unknown argument is read during apply (design rule 6).
func TestAccUnknownArguments(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration(sandbox, `
resource "terraform_data" "workspace" {
  input = "20455"
}

data "pai_images" "team" {
  workspace_id = terraform_data.workspace.output
  labels       = { team = "*" }
}

data "pai_image" "team" {
  workspace_id = terraform_data.workspace.output
}
`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue("data.pai_images.team", tfjsonpath.New("images")),
				plancheck.ExpectUnknownValue("data.pai_image.team", tfjsonpath.New("image_uri")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.pai_images.team", tfjsonpath.New("names"), expectList("trainer-2-9-0")),
				statecheck.ExpectKnownValue("data.pai_image.team", tfjsonpath.New("name"),
					knownvalue.StringExact("trainer-2-9-0")),
			},
		}},
	})
}
