package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

const (
	wholeDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	wholeURI    = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443/pai/team/pytorch:2.8@" + wholeDigest
)

var wholeParts = map[string]string{
	"registry": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443", "region": "cn-hangzhou", "network": "vpc",
	"namespace": "pai/team", "repository": "pytorch", "tag": "2.8", "digest": wholeDigest,
}

func imageURIPartChecks(of map[string]string) knownvalue.Check {
	checks := make(map[string]knownvalue.Check)
	for _, name := range []string{"registry", "region", "network", "namespace", "repository", "tag", "digest"} {
		checks[name] = knownvalue.Null()
		if part, ok := of[name]; ok {
			checks[name] = knownvalue.StringExact(part)
		}
	}
	return knownvalue.ObjectExact(checks)
}

func TestAccParseImageURI(t *testing.T) {
	t.Parallel()
	needsFunctions(t)
	sandbox := providertest.Start(t, paisandbox.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration(sandbox, `
output "whole" {
  value = provider::pai::parse_image_uri("`+wholeURI+`")
}

output "short" {
  value = provider::pai::parse_image_uri("pytorch")
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("whole", imageURIPartChecks(wholeParts)),
				statecheck.ExpectKnownOutputValue("short", imageURIPartChecks(map[string]string{"repository": "pytorch"})),
			},
		}},
	})
	if len(sandbox.Requests()) != 0 {
		t.Error("a request was sent")
	}
}

// TestAccParseImageURIOfUnknown: the parts of what isn't known yet aren't known, and are once it is.
func TestAccParseImageURIOfUnknown(t *testing.T) {
	t.Parallel()
	needsFunctions(t)
	sandbox := providertest.Start(t, paisandbox.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration(sandbox, `
resource "terraform_data" "job" {
  input = "`+wholeURI+`"
}

output "parts" {
  value = provider::pai::parse_image_uri(terraform_data.job.output)
}
`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownOutputValue("parts"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("parts", imageURIPartChecks(wholeParts)),
			},
		}},
	})
}
