terraform {
  required_version = ">= 1.5"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

# The lookups set the regions. The credentials come from the environment.
provider "pai" {}

# Regions offer different machines.
variable "machines" {
  type = map(object({ type = string, chip = string }))
  default = {
    cn-hangzhou    = { type = "ecs.gn7i-c8g1.2xlarge", chip = "GPU" }
    cn-shanghai    = { type = "ecs.gn7i-c8g1.2xlarge", chip = "GPU" }
    ap-southeast-1 = { type = "ecs.gn6i-c8g1.2xlarge", chip = "GPU" }
  }
}

module "training_job" {
  source   = "./training-job"
  for_each = var.machines

  region  = each.key
  machine = each.value
}

output "image_uris" {
  value = { for region, job in module.training_job : region => job.image.image_uri }
}

# A release may reach regions on different days. This check warns while the tags differ, and doesn't stop the plan.
check "same_image_everywhere" {
  assert {
    condition     = length(toset([for job in module.training_job : job.image.tag])) == 1
    error_message = "The regions have different images:\n${join("\n", [for region, job in module.training_job : "  ${region}: ${job.image.tag}"])}"
  }
}
