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

# The pin. To move it is a change of this line, which someone reviews.
variable "image_uri" {
  type    = string
  default = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

# Every image that would do, the pin among them. A list, because an empty one is no error: the checks speak then.
data "pai_images" "fitting" {
  official     = true
  supported_by = ["dlc"]
  chip_type    = "GPU"
  framework    = "PyTorch"
  version      = "~> 2.9"
  name_regex   = "^pytorch:"
  order        = "DESC" # newest first
}

locals {
  fitting = data.pai_images.fitting.image_uris
  listed  = contains(local.fitting, var.image_uri)
  # The newest comes first, so what stands before the pin is newer than it.
  newer = local.listed ? slice(local.fitting, 0, index(local.fitting, var.image_uri)) : []
  # A message is made even where its condition holds, so it must do without any image.
  newest = concat(local.fitting, ["none"])[0]
}

check "pin_is_listed" {
  assert {
    condition     = local.listed
    error_message = "The pin ${var.image_uri} is no longer listed, or doesn't fit. Newest image that fits: ${local.newest}"
  }
}

check "pin_is_newest" {
  assert {
    condition     = length(local.newer) == 0
    error_message = "Newer than the pin: ${local.newest}"
  }
}

# Stands for a training job. What it runs is decided by the pin alone, never by a lookup.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = var.image_uri
  }
}
