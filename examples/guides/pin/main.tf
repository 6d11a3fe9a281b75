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

# The pin. To use another image, change this line.
variable "image_uri" {
  type    = string
  default = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

# All matching images. If the pin is listed and matches, it is one of them. pai_images returns no error for an empty list, so the checks
# can report it.
data "pai_images" "matching" {
  official     = true
  supported_by = ["dlc"]
  chip_type    = "GPU"
  framework    = "PyTorch"
  repository   = "pytorch"
  version      = "~> 2.9"
  name_regex   = "-py312-" # the Python version of the pin
  sort_by      = "image_version"
  order        = "DESC" # highest version first, and of equal versions the newest image
}

locals {
  matching = data.pai_images.matching.image_uris
  listed   = contains(local.matching, var.image_uri)
  # The highest version is first, so the images before the pin have a higher version, or the same version and are newer.
  newer = local.listed ? slice(local.matching, 0, index(local.matching, var.image_uri)) : []
  # Terraform evaluates a message even if its condition is true, so this must work with an empty list.
  newest = concat(local.matching, ["none"])[0]
}

check "pin_is_listed" {
  assert {
    condition     = local.listed
    error_message = "The pin ${var.image_uri} is no longer listed or does not match. Latest matching image: ${local.newest}"
  }
}

check "pin_is_newest" {
  assert {
    condition     = length(local.newer) == 0
    error_message = "Newer than the pin: ${local.newest}"
  }
}

# A placeholder for a training job. Its image is the pin, never the result of a lookup.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = var.image_uri
  }
}
