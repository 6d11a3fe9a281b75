# Use this if someone else provides the URI. The plan fails unless the image is in PAI's registries in the job's region.
variable "image_uri" {
  type    = string
  default = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

locals {
  image = provider::pai::parse_image_uri(var.image_uri)

  # If the registry is null or doesn't match, regex fails, and `can` returns false.
  own_registry = can(regex("^(dsw|eas)-registry(-vpc)?\\.[^.]+\\.cr\\.aliyuncs\\.com$", local.image.registry))

  # Older images are in a registry that all users of Alibaba Cloud share. Only its namespace pai-dlc is PAI's.
  shared_registry = can(regex("^registry(-vpc)?\\.[^.]+\\.aliyuncs\\.com$", local.image.registry))
  in_pai          = local.own_registry || local.shared_registry && local.image.namespace == "pai-dlc"
}

# A placeholder for a training job.
resource "terraform_data" "training_job" {
  input = {
    image_uri = var.image_uri
  }

  lifecycle {
    precondition {
      condition     = local.in_pai && local.image.region == "cn-hangzhou"
      error_message = "${var.image_uri} is not in PAI's registries in cn-hangzhou."
    }
  }
}
