package acctest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestAccImage has every argument select through the real CLI.
func TestAccImage(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	rebuilt, _ := providertest.SmallCatalogue()[2].ImageID.Get()
	rows := []struct {
		name, arguments string
		want            string // the image's name
		matched         int64
	}{
		{"image_id", `image_id = "` + rebuilt + `"`, "pytorch:2.9.1-gpu-rebuilt", 1},
		{"image_id_checked", `image_id = "` + rebuilt + "\"\nofficial = true\nversion = \"~> 2.9\"", "pytorch:2.9.1-gpu-rebuilt", 1},
		{"name", `name = "pytorch:2.9.1-gpu"`, "pytorch:2.9.1-gpu", 1},
		{"image_uri", `image_uri = "r.cn-hangzhou.aliyuncs.com/pai/pytorch:2.9.1-gpu"`, "pytorch:2.9.1-gpu", 1},
		{"query", `query = "Image modelscope"`, "modelscope:1.34.0-pytorch2.8", 1},
		{"labels", `labels = { team = "a" }`, "trainer:2.9.0", 1},
		{"workspace_id", `workspace_id = "20455"`, "trainer:2.9.0", 1},
		{"accessibility", "accessibility = \"PRIVATE\"\nversion = \"2.9.0\"", "trainer:2.9.0", 1},
		{"not_official", "official = false\nname_regex = \"deeprec\"", "deeprec2212-gpu", 1},
		{"supported_by", "official = true\nsupported_by = [\"dlc\"]\nversion = \"< 2.10\"", "pytorch:2.9.1-gpu", 1},
		{"chip_type", `chip_type = "CPU"`, "pytorch:2.9.1-cpu", 1},
		{"framework", "framework = \"PyTorch\"\nversion = \"~> 2.8.0\"", "modelscope:1.34.0-pytorch2.8", 1},
		{"version", `version = "3.0.0-rc1"`, "pytorch:v3.0.0rc1-gpu", 1},
		{"name_regex", `name_regex = "^model"`, "modelscope:1.34.0-pytorch2.8", 1},
		{"most_recent", "official = true\nmost_recent = true\nchip_type = \"GPU\"", "modelscope:1.34.0-pytorch2.8", 5},
		{"latest_version", "official = true\nlatest_version = true\nframework = \"PyTorch\"\nversion = \">= 0\"", "pytorch:2.12PAI-gpu", 5},
		{"timeouts", "chip_type = \"CPU\"\ntimeouts = { read = \"1m\" }", "pytorch:2.9.1-cpu", 1},
	}
	var blocks strings.Builder
	var checks []statecheck.StateCheck
	for _, row := range rows {
		fmt.Fprintf(&blocks, "data \"pai_image\" %q {\n%s\n}\n", row.name, row.arguments)
		address := "data.pai_image." + row.name
		checks = append(checks,
			statecheck.ExpectKnownValue(address, tfjsonpath.New("name"), knownvalue.StringExact(row.want)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("matched_count"), knownvalue.Int64Exact(row.matched)))
	}
	value := func(attribute string, check knownvalue.Check) {
		checks = append(checks, statecheck.ExpectKnownValue("data.pai_image.workspace_id", tfjsonpath.New(attribute), check))
	}
	value("image_uri", knownvalue.StringExact("example.com/team/trainer:2.9.0"))
	value("gmt_create_time", knownvalue.StringExact("2026-01-07T00:00:00.000Z"))
	value("size", knownvalue.Int64Exact(4_500_000_000))
	value("label_map", knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("a")}))
	value("label_list", knownvalue.ListExact([]knownvalue.Check{
		knownvalue.ObjectExact(map[string]knownvalue.Check{"key": knownvalue.StringExact("team"), "value": knownvalue.StringExact("a")}),
	}))
	value("most_recent", knownvalue.Null())
	value("official", knownvalue.Null())
	config := configuration(sandbox, blocks.String())
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config, ConfigStateChecks: checks},
			{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		},
	})
}

// TestAccImageWaitsForUnknowns: an argument that comes from what isn't created yet is read when it is.
func TestAccImageWaitsForUnknowns(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration(sandbox, `
resource "terraform_data" "workspace" {
  input = "20455"
}

data "pai_image" "team" {
  workspace_id = terraform_data.workspace.output
}
`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue("data.pai_image.team", tfjsonpath.New("image_uri")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.pai_image.team", tfjsonpath.New("name"), knownvalue.StringExact("trainer:2.9.0")),
			},
		}},
	})
}
