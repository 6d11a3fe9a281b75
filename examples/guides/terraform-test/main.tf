# The module under test. Its caller configures the provider.
terraform {
  required_version = ">= 1.8"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

variable "framework" {
  type    = string
  default = "PyTorch"
}

variable "repository" {
  type    = string
  default = "pytorch"
}

variable "framework_version" {
  type    = string
  default = "~> 2.9"
}

variable "region" {
  type    = string
  default = "cn-hangzhou"
}

variable "machine" {
  type    = object({ type = string, chip = string })
  default = { type = "ecs.gn7i-c8g1.2xlarge", chip = "GPU" }
}

data "pai_image" "this" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = var.framework
  repository     = var.repository
  version        = var.framework_version
  name_regex     = "-py312-" # each version has several variants
  latest_version = true
}

locals {
  chip = lookup(data.pai_image.this.label_map, "system.chipType", "no chip")
}

# A placeholder for a training job.
resource "terraform_data" "job" {
  input = {
    image_uri    = data.pai_image.this.image_uri
    machine_type = var.machine.type
  }

  lifecycle {
    precondition {
      condition     = local.chip == var.machine.chip
      error_message = "The image is made for ${local.chip}, and ${var.machine.type} has ${var.machine.chip}."
    }
    precondition {
      # With try, an invalid URI also causes this message.
      condition     = try(provider::pai::parse_image_uri(data.pai_image.this.image_uri).region, null) == var.region
      error_message = "The job is in ${var.region}, and its image is ${data.pai_image.this.image_uri}."
    }
  }
}

output "image_uri" {
  value = data.pai_image.this.image_uri
}
