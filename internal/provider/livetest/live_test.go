package livetest

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// newestPyTorch selects one official image, which other blocks can refer to.
const newestPyTorch = `
data "pai_image" "newest" {
  official     = true
  supported_by = ["dlc"]
  framework    = "PyTorch"
  most_recent  = true

  lifecycle {
    postcondition {
      condition     = self.label_map["system.official"] == "true" && can(self.label_map["system.framework.PyTorch"])
      error_message = "The image lacks a label."
    }
  }
}
`

// liveCase is a configuration that is planned twice. The second plan must be empty.
type liveCase struct {
	blocks   string
	checks   []statecheck.StateCheck
	err      *regexp.Regexp // the expected error of the plan; nil if there is none
	versions []tfversion.TerraformVersionCheck

	// The data source that the account must be able to read, and its list that must have elements. The test is skipped if
	// the account lacks them. They are "" if every account has what the test needs.
	needs, list string
	arguments   providertest.Values
}

func equalURIs(other string) statecheck.StateCheck {
	uri := tfjsonpath.New("image_uri")
	return statecheck.CompareValuePairs("data.pai_image.newest", uri, "data.pai_image."+other, uri, compare.ValuesSame())
}

var liveCases = map[string]liveCase{
	"Images": {
		blocks: `
data "pai_images" "official" {
  official = true

  lifecycle {
    postcondition {
      condition     = alltrue([for i in self.images : i.label_map["system.official"] == "true" && i.image_uri != null])
      error_message = "An image lacks its label or its URI."
    }
    postcondition {
      condition     = length(self.images) == self.total_count && length(distinct(self.ids)) == length(self.images)
      error_message = "The list is not complete."
    }
  }
}
`,
		checks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.pai_images.official", tfjsonpath.New("images").AtSliceIndex(0),
				knownvalue.NotNull()),
		},
	},
	"NewestImage": {
		blocks: newestPyTorch,
		checks: []statecheck.StateCheck{statecheck.ExpectKnownValue("data.pai_image.newest", tfjsonpath.New("image_uri"),
			knownvalue.StringRegexp(regexp.MustCompile(`^[a-z0-9.-]+\.[a-z]+/.+:.+$`)))},
	},
	"ImageByID": {
		blocks: newestPyTorch + `
data "pai_image" "by_id" {
  image_id = data.pai_image.newest.image_id
}
`,
		checks: []statecheck.StateCheck{equalURIs("by_id")},
	},
	"ImageByURI": {
		blocks: newestPyTorch + `
data "pai_image" "by_uri" {
  image_uri   = data.pai_image.newest.image_uri
  official    = true
  most_recent = true
}
`,
		checks: []statecheck.StateCheck{equalURIs("by_uri")},
	},
	"FrameworkInAnotherCase": {
		blocks: `
data "pai_images" "wrong" {
  official  = true
  framework = "pytorch"

  lifecycle {
    postcondition {
      condition     = length(self.images) == 0
      error_message = "Frameworks are not case-sensitive."
    }
  }
}

data "pai_image" "wrong" {
  official    = true
  framework   = "pytorch"
  most_recent = true
}
`,
		err: regexp.MustCompile(`framework = "PyTorch"`),
	},
	"ParseImageURI": {
		blocks: newestPyTorch + `
output "parts" {
  value = provider::pai::parse_image_uri(data.pai_image.newest.image_uri)
}
`,
		checks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValueAtPath("parts", tfjsonpath.New("tag"), knownvalue.NotNull()),
			statecheck.ExpectKnownOutputValueAtPath("parts", tfjsonpath.New("repository"), knownvalue.NotNull()),
		},
		versions: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
	},
	"ImageLabels": {
		blocks: `
data "pai_image_labels" "official" {
  labels = {
    "system.official" = "true"
  }

  lifecycle {
    postcondition {
      condition     = contains(self.frameworks, "PyTorch")
      error_message = "The framework is not listed."
    }
  }
}
`,
		needs: "pai_image_labels",
	},
	"WorkspaceByName": {
		blocks: `
data "pai_workspaces" "all" {}

data "pai_workspace" "first" {
  workspace_name = data.pai_workspaces.all.names[0]
}
`,
		checks: []statecheck.StateCheck{statecheck.CompareValuePairs(
			"data.pai_workspaces.all", tfjsonpath.New("ids").AtSliceIndex(0),
			"data.pai_workspace.first", tfjsonpath.New("workspace_id"), compare.ValuesSame())},
		needs: "pai_workspaces", list: "workspaces",
	},
	"DefaultWorkspace": {
		blocks: `
data "pai_workspace" "default" {
  default = true
}
`,
		checks: []statecheck.StateCheck{statecheck.ExpectKnownValue("data.pai_workspace.default",
			tfjsonpath.New("workspace_id"), knownvalue.NotNull())},
		needs: "pai_workspace", arguments: providertest.Values{"default": true},
	},
}

func TestAccLive(t *testing.T) {
	t.Parallel()
	for name, c := range liveCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			block := providerBlock(t)
			if c.needs != "" {
				if reason := lack(t, block, c.needs, c.arguments, c.list); reason != "" {
					t.Skip("the account lacks what this test needs: " + reason)
				}
			}
			step := resource.TestStep{Config: configuration(block, c.blocks), ConfigStateChecks: c.checks, ExpectError: c.err}
			steps := []resource.TestStep{step}
			if c.err == nil {
				steps = append(steps, resource.TestStep{
					Config:           step.Config,
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				})
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories, TerraformVersionChecks: c.versions, Steps: steps,
			})
		})
	}
}

// TestLack checks that tests are skipped for accounts that lack a right, workspaces or a default workspace.
func TestLack(t *testing.T) {
	t.Parallel()
	denied := paisandbox.Fault{Do: paisandbox.APIError(404, "100700008", "Denied.")}
	for name, tt := range map[string]struct {
		needs, list string
		arguments   providertest.Values
		options     paisandbox.Options
		faults      []paisandbox.Fault
		isLacking   bool
	}{
		"workspaces":    {needs: "pai_workspaces", list: "workspaces"},
		"no workspaces": {needs: "pai_workspaces", list: "workspaces", options: noWorkspaces, isLacking: true},
		"denied":        {needs: "pai_workspaces", list: "workspaces", faults: []paisandbox.Fault{denied}, isLacking: true},
		"default":       {needs: "pai_workspace", arguments: providertest.Values{"default": true}},
		"no default": {
			needs: "pai_workspace", arguments: providertest.Values{"default": true}, options: noWorkspaces, isLacking: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, tt.options)
			for _, fault := range tt.faults {
				sandbox.AddFault(fault)
			}
			reason := lack(t, providertest.SignedIn(sandbox), tt.needs, tt.arguments, tt.list)
			if (reason != "") != tt.isLacking {
				t.Errorf("got %q, want a reason: %t", reason, tt.isLacking)
			}
		})
	}
}

var noWorkspaces = paisandbox.Options{Workspaces: []paisandbox.Workspace{}}
