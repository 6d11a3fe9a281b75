# For a URI that is written down somewhere: does the region still list it? Where it doesn't, `plan` warns.
locals {
  pinned = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

data "pai_images" "pinned" {
  image_uri = local.pinned
}

check "pinned_image" {
  assert {
    # The API may also find the text as a part of other URIs, so look for the very one.
    condition     = contains(data.pai_images.pinned.image_uris, local.pinned)
    error_message = "${local.pinned} is no longer listed."
  }
}

output "pinned_image_added" {
  value = [for image in data.pai_images.pinned.images : image.gmt_create_time if image.image_uri == local.pinned]
}
