terraform {
  required_version = ">= 1.5"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

provider "pai" {}

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

# A placeholder for a training job.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = data.pai_image.pytorch.image_uri
  }
}
