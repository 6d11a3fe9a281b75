# The pin.
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
  name_regex   = "-py312-" # with any CUDA version. For one variant, use more of the pin's tag.
  sort_by      = "image_version"
  order        = "DESC" # highest version first, and of equal versions the newest
}

# The pin, if it is listed.
data "pai_images" "pinned" {
  image_uri = var.image_uri
}

locals {
  matching = data.pai_images.matching.image_uris
  listed   = contains(data.pai_images.pinned.image_uris, var.image_uri)
  newest   = try(local.matching[0], "none")
}

check "pin_is_listed" {
  assert {
    condition     = local.listed
    error_message = "The pin ${var.image_uri} is not listed in this region. Latest match: ${local.newest}"
  }
}

check "pin_is_newest" {
  assert {
    condition = !local.listed || local.newest == var.image_uri
    error_message = (
      contains(local.matching, var.image_uri) ? "Newer than the pin: ${local.newest}" :
      "The pin ${var.image_uri} does not match the filters. Latest match: ${local.newest}"
    )
  }
}

# A placeholder for a training job.
resource "terraform_data" "pinned_job" {
  input = {
    command   = "python train.py"
    image_uri = var.image_uri
  }
}
