terraform {
  required_providers {
    pai = {
      source = "terraform.local/pai/pai"
    }
  }
}

variable "region" {
  type = string
}

variable "machine" {
  type = object({ type = string, chip = string })
}

# The filters, the same for all regions.
data "pai_image" "pytorch" {
  region         = var.region
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch" # other repositories, such as modelscope, contain PyTorch, too
  version        = "~> 2.9"
  name_regex     = "-py312-" # each version has several variants
  latest_version = true
}

# A placeholder for the region's training job.
resource "terraform_data" "job" {
  input = {
    region       = var.region
    machine_type = var.machine.type
    image_uri    = data.pai_image.pytorch.image_uri
  }

  lifecycle {
    precondition {
      condition     = data.pai_image.pytorch.label_map["system.chipType"] == var.machine.chip
      error_message = "${var.region}: ${data.pai_image.pytorch.name} is made for ${data.pai_image.pytorch.label_map["system.chipType"]}, and ${var.machine.type} has ${var.machine.chip}."
    }

    # The host of the URI contains the region.
    precondition {
      condition     = strcontains(data.pai_image.pytorch.image_uri, ".${var.region}.")
      error_message = "${var.region}: ${data.pai_image.pytorch.image_uri} is in another region."
    }
  }
}

output "image" {
  value = data.pai_image.pytorch
}
