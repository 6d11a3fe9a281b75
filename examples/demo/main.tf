# `make demo` runs this: it looks up an image for a job.

terraform {
  required_version = ">= 1.5"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

# Region and credentials come from the environment.
provider "pai" {}

# The latest image of the repository `pytorch` for GPU training jobs: PyTorch 2.x, Python 3.12.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch" # others contain PyTorch, too
  version        = "~> 2.8"
  name_regex     = "-py312-" # each version has several variants
  latest_version = true
}

# A placeholder for a training job. If PAI publishes a higher version, the next plan changes the image.
resource "terraform_data" "training_job" {
  input = {
    name      = "train"
    image_uri = data.pai_image.pytorch.image_uri
  }
}

output "image_uri" {
  description = "The image that the job uses."
  value       = data.pai_image.pytorch.image_uri
}

output "matching_images" {
  description = "The number of images that match the filters."
  value       = data.pai_image.pytorch.matched_count
}
