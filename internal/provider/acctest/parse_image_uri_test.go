package acctest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

output "personal" {
  value = provider::pai::parse_image_uri("crpi-1-vpc.cn-shanghai.personal.cr.aliyuncs.com/team/x:1")
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
				statecheck.ExpectKnownOutputValue("personal", expectParts(map[string]string{
					"registry": "crpi-1-vpc.cn-shanghai.personal.cr.aliyuncs.com", "region": "cn-shanghai", "network": "vpc",
					"namespace": "team", "repository": "x", "tag": "1",
				})),
				statecheck.ExpectKnownOutputValue("repository", expectParts(map[string]string{"repository": "pytorch"})),
				statecheck.ExpectKnownOutputValue("unknown", all),
			},
		}},
	})
	if requests := sandbox.Requests(); len(requests) != 0 {
		t.Errorf("%d requests, want none", len(requests))
	}
}

// TestAccRejectOtherRegistries checks which URIs the example of that name accepts. A single plan calls the example once
// for each URI.
func TestAccRejectOtherRegistries(t *testing.T) {
	t.Parallel()
	needsFunctions(t)
	accepted := []string{
		"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/acc:r2.3.0-cuda12.1.0-py3.10",
		"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/cloud-dsw/eas-service:v0.2.1_accelerated",
		"eas-registry.cn-hangzhou.cr.aliyuncs.com/pai-eas/pai-rag:0.2.0",
		"eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:0.14.0-gpu",
		"registry.cn-hangzhou.aliyuncs.com/pai-dlc/pytorch-training:1.12PAI-gpu-py38-cu113-ubuntu20.04",
		"registry-vpc.cn-hangzhou.aliyuncs.com/pai-dlc/ppu-training:2.0.0-pytorch2.9.0-ppu-py312",
	}
	rejected := []string{
		// Another region.
		"dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/pytorch:2.8",
		"dsw-registry.cr.aliyuncs.com/pai/pytorch:2.8",
		"registry-vpc.cn-beijing.aliyuncs.com/pai-dlc/pytorch-training:1.6.0",
		// Another namespace of the shared registry.
		"registry.cn-hangzhou.aliyuncs.com/fraud-team/trainer",
		"registry.cn-hangzhou.aliyuncs.com/my-pai-dlc/trainer",
		"registry.cn-hangzhou.aliyuncs.com/pai-dlc-2/trainer",
		"registry.cn-hangzhou.aliyuncs.com/team/pai-dlc/trainer",
		"registry.cn-hangzhou.aliyuncs.com/trainer:pai-dlc",
		// Another instance or port.
		"dsw-registry.cn-hangzhou.cr.aliyuncs.com:5000/pai/pytorch:2.8",
		"registry.cn-hangzhou.aliyuncs.com:5000/pai-dlc/pytorch:2.8",
		"my-registry.cn-hangzhou.aliyuncs.com/pai-dlc/trainer",
		"dsw-registry.cn-hangzhou.aliyuncs.com/pai/pytorch:2.8",
		"dsw-registry.cn-hangzhou.personal.cr.aliyuncs.com/pai/pytorch:2.8",
		"dsw-registry.team.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.8",
		"my-dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.8",
		"mybigpai-registry.cn-beijing.cr.aliyuncs.com/easyrec/easyrec:py38-tf2.10-0.6.4",
		"mybigpai-registry.cn-hangzhou.cr.aliyuncs.com/pai-dlc/trainer",
		"registry.cn-hangzhou.cr.aliyuncs.com/pai-dlc/trainer",
		// Another vendor, or no registry.
		"dsw-registry.cn-hangzhou.cr.aliyuncs.com.example.com/pai/pytorch:2.8",
		"registry.cn-hangzhou.aliyuncs.com.example.com/pai-dlc/pytorch:2.8",
		"reg.docker.alibaba-inc.com/pai-dlc/pytorch-training:1.10PAI-gpu-py36-cu113-ubuntu18.04",
		"pai-dlc/pytorch:2.8",
	}
	sandbox, folder := providertest.Start(t, paisandbox.Options{}), t.TempDir()
	example := filepath.Join(folder, "example")
	if err := os.Mkdir(example, 0o700); err != nil {
		t.Fatal(err)
	}
	writeConfiguration(t, example,
		readFile(t, root+"/examples/functions/parse_image_uri/function-reject-other-registries.tf"))
	writeConfiguration(t, folder, `
module "example" {
  source    = "./example"
  for_each  = toset(["`+strings.Join(slices.Concat(accepted, rejected), `", "`)+`"])
  image_uri = each.value
}
`)
	mustRunCLI(t, folder, sandbox, "init", "-no-color")
	output, err := runCLI(t, folder, sandbox.Environ(), "plan", "-json", "-input=false")
	if err == nil {
		t.Error("the plan succeeded")
	}
	var got []string
	for _, diagnostic := range decodeDiagnostics(t, output) {
		uri, _, _ := strings.Cut(diagnostic.Detail, " ")
		got = append(got, uri)
	}
	slices.Sort(got)
	slices.Sort(rejected)
	if diff := cmp.Diff(rejected, got); diff != "" {
		t.Errorf("rejected URIs (-want +got):\n%s", diff)
	}
}
