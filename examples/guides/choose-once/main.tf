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

# Raise this to select an image again.
variable "image_generation" {
  type    = number
  default = 1
}

# The image that a new selection would return. Every plan reads this data source.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch"
  version        = "~> 2.9"
  name_regex     = "-py312-"
  latest_version = true
}

# replace_triggered_by accepts only resources, so this resource contains the variable.
resource "terraform_data" "image_generation" {
  input = var.image_generation
}

# The selected image. It keeps the URI from the apply that created it, until it is replaced.
resource "terraform_data" "image" {
  input = data.pai_image.pytorch.image_uri

  lifecycle {
    ignore_changes       = [input]
    replace_triggered_by = [terraform_data.image_generation]
  }
}

# A placeholder for a training job. It uses the selected image, not the data source. The plan shows `input`, but not always `output`.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = terraform_data.image.input
  }
}
