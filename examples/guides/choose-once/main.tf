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

# Raise it to choose anew.
variable "image_generation" {
  type    = number
  default = 1
}

# What would be chosen today. It is looked up in every plan.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  version        = "~> 2.9"
  name_regex     = "^pytorch:"
  latest_version = true
}

# replace_triggered_by takes resources only, so the variable is made one.
resource "terraform_data" "image_generation" {
  input = var.image_generation
}

# What was chosen. It takes the lookup's answer when it is created, and no later one until it is replaced.
resource "terraform_data" "image" {
  input = data.pai_image.pytorch.image_uri

  lifecycle {
    ignore_changes       = [input]
    replace_triggered_by = [terraform_data.image_generation]
  }
}

# Stands for a training job. It uses what was chosen, not the lookup; `input` is known in the plan, `output` is not.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = terraform_data.image.input
  }
}
