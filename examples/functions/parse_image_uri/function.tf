# Use this to read a part of an image's URI, such as its registry or its tag.
locals {
  image_uri = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
  image     = provider::pai::parse_image_uri(local.image_uri)
}

output "image" {
  value = local.image
}

output "for_gpus" {
  value = contains(split("-", local.image.tag), "gpu")
}
