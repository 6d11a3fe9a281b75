# For an image that someone else chooses: `plan` fails unless it comes from PAI's own registries in the job's region.
variable "image_uri" {
  type    = string
  default = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

locals {
  image = provider::pai::parse_image_uri(var.image_uri)
}

# Stands for a training job.
resource "terraform_data" "training_job" {
  input = {
    image_uri = var.image_uri
  }

  lifecycle {
    precondition {
      # A URI without a registry has none that could match, which is an error that `can` takes for false.
      condition     = can(regex("^(dsw|eas)-registry(-vpc)?\\.", local.image.registry)) && local.image.region == "cn-hangzhou"
      error_message = "${var.image_uri} does not come from PAI's registries in cn-hangzhou."
    }
  }
}
