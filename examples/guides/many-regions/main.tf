terraform {
  required_version = ">= 1.8"
  required_providers {
    pai = {
      source = "terraform.local/pai/pai"
    }
  }
}

# Each provider configuration uses one region. Credentials come from the environment.
provider "pai" {
  alias  = "hangzhou"
  region = "cn-hangzhou"
}

provider "pai" {
  alias  = "shanghai"
  region = "cn-shanghai"
}

provider "pai" {
  alias  = "singapore"
  region = "ap-southeast-1"
}

# Regions offer different machines.
variable "machines" {
  type = map(object({ type = string, chip = string }))
  default = {
    cn-hangzhou    = { type = "ecs.gn7i-c8g1.2xlarge", chip = "GPU" }
    cn-shanghai    = { type = "ecs.gn7i-c8g1.2xlarge", chip = "GPU" }
    ap-southeast-1 = { type = "ecs.gn6i-c8g1.2xlarge", chip = "GPU" }
  }
}

module "hangzhou" {
  source    = "./training-job"
  providers = { pai = pai.hangzhou }

  region  = "cn-hangzhou"
  machine = var.machines["cn-hangzhou"]
}

module "shanghai" {
  source    = "./training-job"
  providers = { pai = pai.shanghai }

  region  = "cn-shanghai"
  machine = var.machines["cn-shanghai"]
}

module "singapore" {
  source    = "./training-job"
  providers = { pai = pai.singapore }

  region  = "ap-southeast-1"
  machine = var.machines["ap-southeast-1"]
}

locals {
  image_uris = {
    cn-hangzhou    = module.hangzhou.image_uri
    cn-shanghai    = module.shanghai.image_uri
    ap-southeast-1 = module.singapore.image_uri
  }
  tags = { for region, uri in local.image_uris : region => provider::pai::parse_image_uri(uri).tag }
}

output "image_uris" {
  value = local.image_uris
}

# A release may reach regions on different days. This check warns while the tags differ. It doesn't stop the plan.
check "same_image_everywhere" {
  assert {
    condition     = length(toset(values(local.tags))) == 1
    error_message = "The regions have different images:\n${join("\n", [for region, tag in local.tags : "  ${region}: ${tag}"])}"
  }
}
