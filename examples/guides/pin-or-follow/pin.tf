# The pin. To use another image, change this line.
variable "image_uri" {
  type    = string
  default = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

# All images that you would accept as the next pin.
data "pai_images" "matching" {
  official     = true
  supported_by = ["dlc"]
  chip_type    = "GPU"
  framework    = "PyTorch"
  repository   = "pytorch"
  version      = "~> 2.9"
  name_regex   = "-py312-"
  sort_by      = "image_version"
  order        = "DESC" # highest version first, and of equal versions the newest
}

locals {
  matching = data.pai_images.matching.image_uris
  listed   = contains(local.matching, var.image_uri)
  newest   = try(local.matching[0], "none")
}

check "pin_is_listed" {
  assert {
    condition = local.listed
    error_message = (
      length(local.matching) == 0 ? "No listed image matches the filters." :
      "The pin ${var.image_uri} is no longer listed or does not match the filters. Latest match: ${local.newest}"
    )
  }
}

check "pin_is_newest" {
  assert {
    condition     = !local.listed || local.newest == var.image_uri
    error_message = "Newer than the pin: ${local.newest}"
  }
}

# A placeholder for a training job.
resource "terraform_data" "pinned_job" {
  input = {
    command   = "python train.py"
    image_uri = var.image_uri
  }
}
