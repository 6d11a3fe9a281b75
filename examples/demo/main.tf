# What `make demo` runs: look an image up, and have a job use it.

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

# Of the official PyTorch images for distributed training on GPUs, the one of the highest version.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  version        = "~> 2.8"
  name_regex     = "^pytorch:" # of the repository of that name; others hold PyTorch, too
  latest_version = true
}

# Stands for a training job. Its image changes when a higher version appears, and `plan` says so first.
resource "terraform_data" "training_job" {
  input = {
    name      = "train"
    image_uri = data.pai_image.pytorch.image_uri
  }
}

output "image_uri" {
  description = "What the job uses."
  value       = data.pai_image.pytorch.image_uri
}

output "matching_images" {
  description = "Among how many images it was chosen."
  value       = data.pai_image.pytorch.matched_count
}
