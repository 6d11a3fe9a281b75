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

// TestAccParseImageURI checks the result for a known and an unknown URI, and that the provider sends no request.
func TestAccParseImageURI(t *testing.T) {
	t.Parallel()
	needsFunctions(t)
	const (
		digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
		uri    = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443/pai/team/pytorch:2.8@" + digest
	)
	expectParts := func(parts map[string]string) knownvalue.Check {
		checks := make(map[string]knownvalue.Check)
		for _, name := range []string{"registry", "region", "network", "namespace", "repository", "tag", "digest"} {
			checks[name] = knownvalue.Null()
			if part, ok := parts[name]; ok {
				checks[name] = knownvalue.StringExact(part)
			}
		}
		return knownvalue.ObjectExact(checks)
	}
	all := expectParts(map[string]string{
		"registry": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com:443", "region": "cn-hangzhou", "network": "vpc",
		"namespace": "pai/team", "repository": "pytorch", "tag": "2.8", "digest": digest,
	})
	sandbox := providertest.Start(t, paisandbox.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration(sandbox, `
output "all" {
  value = provider::pai::parse_image_uri("`+uri+`")
}

output "repository" {
  value = provider::pai::parse_image_uri("pytorch")
}

resource "terraform_data" "job" {
  input = "`+uri+`"
}

output "unknown" {
  value = provider::pai::parse_image_uri(terraform_data.job.output)
}
`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownOutputValue("unknown"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("all", all),
				statecheck.ExpectKnownOutputValue("repository", expectParts(map[string]string{"repository": "pytorch"})),
				statecheck.ExpectKnownOutputValue("unknown", all),
			},
		}},
	})
	if requests := sandbox.Requests(); len(requests) != 0 {
		t.Errorf("%d requests, want none", len(requests))
	}
}
