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

# The latest PyTorch 2.x, from 2.9 on. The constraint doesn't match release candidates.
data "pai_image" "pytorch" {
  official       = true # only images that PAI publishes
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  version        = "~> 2.9"
  name_regex     = "^pytorch:" # other repositories contain PyTorch, too
  latest_version = true
}

# A placeholder for a training job.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = data.pai_image.pytorch.image_uri
  }
}
