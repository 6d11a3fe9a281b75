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

# The latest PyTorch 2.x, from 2.9 on, for Python 3.12.
data "pai_image" "pytorch" {
  official       = true # only images that PAI publishes
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch" # other repositories contain PyTorch, too
  version        = "~> 2.9"
  name_regex     = "-py312-" # each version has several variants
  latest_version = true
}

# A placeholder for a training job.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = data.pai_image.pytorch.image_uri
  }
}
