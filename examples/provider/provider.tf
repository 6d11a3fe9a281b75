# Save this as main.tf in an empty folder. Then run `terraform init` and `terraform plan`.
terraform {
  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = ">= 0.1.0"
    }
  }
}

# Credentials come from the environment, from a profile of the Alibaba Cloud CLI, or from the role of the ECS instance.
provider "pai" {
  region = "cn-hangzhou"
}

data "pai_images" "pytorch" {
  official     = true
  supported_by = ["dlc"]
  chip_type    = "GPU"
  framework    = "PyTorch"
  version      = "~> 2.8"
}

output "image_uris" {
  value = data.pai_images.pytorch.image_uris
}
