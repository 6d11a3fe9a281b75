# Use this to check that a region still lists a URI that you pinned. If it doesn't, `plan` shows a warning.
locals {
  pinned = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}

data "pai_images" "pinned" {
  image_uri = local.pinned
}

check "pinned_image" {
  assert {
    # The API may also match URIs that contain this one, so look for the exact URI.
    condition     = contains(data.pai_images.pinned.image_uris, local.pinned)
    error_message = "${local.pinned} is no longer listed."
  }
}

output "pinned_image_added" {
  value = [for image in data.pai_images.pinned.images : image.gmt_create_time if image.image_uri == local.pinned]
}
