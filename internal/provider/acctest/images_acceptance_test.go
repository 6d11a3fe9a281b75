package acctest

import (
	"fmt"
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

// factories serve the provider from this process to the real CLI.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"pai": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("1.2.3", "0a1b2c3")(), nil },
}

// configuration is a whole one for the CLI, with the provider signed in to a sandbox.
func configuration(sandbox *paisandbox.Sandbox, rest string) string {
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
`, build.Address, sandbox.URL(), paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret) + rest
}

// TestAccImages looks at state as the real CLI keeps it, and at what it makes of a catalogue that has changed.
func TestAccImages(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	image := func(version string, days int) paisandbox.Image {
		return paisandbox.Official("registry.cn-hangzhou.aliyuncs.com/pai/pytorch:"+version,
			paisandbox.L("system.framework.PyTorch", version)).CreatedAt(at.AddDate(0, 0, days))
	}
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: []paisandbox.Image{
		image("2.8.0", 0), image("2.9.0", 1), image("3.0.0rc1", 2),
		paisandbox.Custom("20455", "example.com/team/pytorch:2.9.5").CreatedAt(at),
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
	const address = "data.pai_images.pytorch"
	value := func(path tfjsonpath.Path, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, path, check)
	}
	uri := func(version string) knownvalue.Check {
		return knownvalue.StringExact("registry.cn-hangzhou.aliyuncs.com/pai/pytorch:" + version)
	}
	newest := tfjsonpath.New("images").AtSliceIndex(0)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					value(tfjsonpath.New("image_uris"), knownvalue.ListExact([]knownvalue.Check{uri("2.9.0"), uri("2.8.0")})),
					value(tfjsonpath.New("names"), knownvalue.ListExact([]knownvalue.Check{
						knownvalue.StringExact("pytorch:2.9.0"), knownvalue.StringExact("pytorch:2.8.0"),
					})),
					value(tfjsonpath.New("ids"), knownvalue.ListSizeExact(2)),
					value(tfjsonpath.New("total_count"), knownvalue.Int64Exact(3)),
					value(tfjsonpath.New("page_size"), knownvalue.Null()),
					value(newest.AtMapKey("gmt_create_time"), knownvalue.StringExact("2026-03-05T05:06:07.000Z")),
					value(newest.AtMapKey("size"), knownvalue.Int64Exact(4_500_000_000)),
					value(newest.AtMapKey("label_list").AtSliceIndex(0).AtMapKey("key"), knownvalue.StringExact("system.official")),
					value(newest.AtMapKey("label_map"), knownvalue.MapExact(map[string]knownvalue.Check{
						"system.official": knownvalue.StringExact("true"), "system.framework.PyTorch": knownvalue.StringExact("2.9.0"),
					})),
				},
			},
			{
				// Nothing has changed, so there is nothing to plan.
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
					value(tfjsonpath.New("image_uris"), knownvalue.ListExact([]knownvalue.Check{uri("2.10.1"), uri("2.9.0"), uri("2.8.0")})),
				},
			},
		},
	})
}

// TestAccImagesOfManyPages is the main job through the real CLI: everything that the API has.
func TestAccImagesOfManyPages(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	count := len(sandbox.Images())
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration(sandbox, `data "pai_images" "all" {}`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.pai_images.all", tfjsonpath.New("images"), knownvalue.ListSizeExact(count)),
				statecheck.ExpectKnownValue("data.pai_images.all", tfjsonpath.New("ids"), knownvalue.ListSizeExact(count)),
				statecheck.ExpectKnownValue("data.pai_images.all", tfjsonpath.New("total_count"), knownvalue.Int64Exact(int64(count))),
			},
		}},
	})
	if count < 200 {
		t.Errorf("the catalogue has only %d images", count)
	}
}

// TestAccImagesWaitForUnknowns: an argument that comes from what isn't created yet is read when it is.
func TestAccImagesWaitForUnknowns(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration(sandbox, `
resource "terraform_data" "workspace" {
  input = "20455"
}

data "pai_images" "custom" {
  workspace_id = terraform_data.workspace.output
  labels       = { "system.chipType" = "*" }
}
`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue("data.pai_images.custom", tfjsonpath.New("images")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.pai_images.custom", tfjsonpath.New("images").AtSliceIndex(0).AtMapKey("workspace_id"),
					knownvalue.StringExact("20455")),
			},
		}},
	})
}
