locals {
  image_uris = {
    notebook = "dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.9.1-gpu-py311-cu124-ubuntu22.04"
    service  = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/sglang:v0.5.9"
    training = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
  }

  parsed = { for name, uri in local.image_uris : name => provider::pai::parse_image_uri(uri) }
}
