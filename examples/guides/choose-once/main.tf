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

# The image that would be selected now. Every plan reads it.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  version        = "~> 2.9"
  name_regex     = "^pytorch:"
  latest_version = true
}

# replace_triggered_by accepts only resources, so the variable needs one.
resource "terraform_data" "image_generation" {
  input = var.image_generation
}

# The image that was selected. It keeps the lookup's result from when it was created, until it is replaced.
resource "terraform_data" "image" {
  input = data.pai_image.pytorch.image_uri

  lifecycle {
    ignore_changes       = [input]
    replace_triggered_by = [terraform_data.image_generation]
  }
}

# A placeholder for a training job. It uses the selected image, not the lookup. `input` is known in the plan, `output` isn't.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = terraform_data.image.input
  }
}
