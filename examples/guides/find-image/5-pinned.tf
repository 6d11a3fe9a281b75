# The URI, pinned. To use another image, change this line.
locals {
  image_uri = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:0.14.0-gpu"
}

# A placeholder for an inference service.
resource "terraform_data" "service" {
  input = local.image_uri
}
