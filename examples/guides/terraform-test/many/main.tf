terraform {
  required_version = ">= 1.8"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

variable "regions" {
  type    = set(string)
  default = ["cn-hangzhou", "cn-shanghai"]
}

data "pai_image" "pytorch" {
  for_each = var.regions

  region   = each.key
  official = true
  name     = "pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

# The list is in a module of its own, so that tests can replace its output.
module "vllm" {
  source = "./vllm-images"
}

output "image_uris" {
  value = { for region, image in data.pai_image.pytorch : region => image.image_uri }
}

output "repositories" {
  value = { for region, image in data.pai_image.pytorch : region => provider::pai::parse_image_uri(image.image_uri).repository }
}

output "vllm_0_14" {
  value = one([for image in module.vllm.images : image.image_uri if image.image_version == "0.14.0"])
}
