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

# The highest 2.x from 2.9 on. A release candidate doesn't meet such a constraint, so none is chosen.
data "pai_image" "pytorch" {
  official       = true # only images that PAI itself publishes, never a stranger's
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  version        = "~> 2.9"
  name_regex     = "^pytorch:" # other repositories have PyTorch too
  latest_version = true
}

# Stands for a training job.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = data.pai_image.pytorch.image_uri
  }
}
