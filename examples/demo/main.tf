# What `make demo` runs: look images up, and pin the newest one that fits.

terraform {
  required_version = ">= 1.8"

  required_providers {
    pai = {
      source = "terraform.local/pai/pai"
    }
  }
}

# Region and credentials come from the environment.
provider "pai" {}

# Official PyTorch images for distributed training on GPUs, newest first.
data "pai_images" "pytorch" {
  name         = "pytorch:" # of the repository of that name, and not of `modelscope`, which has PyTorch too
  official     = true
  supported_by = ["dlc"]
  chip_type    = "GPU"
  framework    = "PyTorch"
  version      = "~> 2.9"
  order        = "DESC"
}

# Stands for a training job. Its image changes when a newer one appears, and `plan` says so first.
resource "terraform_data" "training_job" {
  input = {
    name      = "train"
    image_uri = data.pai_images.pytorch.image_uris[0]
  }

  lifecycle {
    precondition {
      condition     = length(data.pai_images.pytorch.image_uris) > 0
      error_message = "No official image has PyTorch 2.9 or a later 2.x for GPUs."
    }
  }
}

output "image_uri" {
  description = "What the job is pinned to."
  value       = terraform_data.training_job.output.image_uri
}

output "matching_images" {
  description = "How many images fit."
  value       = length(data.pai_images.pytorch.images)
}
