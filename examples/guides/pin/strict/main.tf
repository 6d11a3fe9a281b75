terraform {
  required_version = ">= 1.5"

  required_providers {
    pai = {
      source = "terraform.local/pai/pai"
    }
  }
}

# Region and credentials come from the environment.
provider "pai" {}

variable "image_uri" {
  type    = string
  default = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

# The API may also match URIs that contain this one, so the postcondition looks for the exact URI.
data "pai_images" "pinned" {
  image_uri = var.image_uri

  lifecycle {
    postcondition {
      condition     = contains(self.image_uris, var.image_uri)
      error_message = "The pin ${var.image_uri} is no longer listed."
    }
  }
}

# A placeholder for a training job.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = var.image_uri
  }
}
