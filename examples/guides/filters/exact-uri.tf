# Use this to look up an image by the URI of a running job. If the URI isn't listed, the plan fails.
variable "image_uri" {
  type    = string
  default = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:0.14.0-gpu"
}

data "pai_image" "vllm" {
  image_uri = var.image_uri
}

output "labels" {
  value = data.pai_image.vllm.label_map
}
