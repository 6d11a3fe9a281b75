# Save this as main.tf in an empty folder. Then run `terraform init` and `terraform plan`.
terraform {
  required_version = ">= 1.5"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

# Credentials come from the environment, from a profile of the Alibaba Cloud CLI, or from the role of the ECS instance.
provider "pai" {
  region = "cn-hangzhou"
}

# The latest image of the repository `pytorch` for GPU training jobs: PyTorch 2.x, Python 3.12.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch"
  version        = "~> 2.8"
  name_regex     = "-py312-"
  latest_version = true
}

output "image_uri" {
  value = data.pai_image.pytorch.image_uri
}
