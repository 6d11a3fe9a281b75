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
  official = true
  name     = "pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

# A placeholder for a training job.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = data.pai_image.pytorch.image_uri
  }
}
