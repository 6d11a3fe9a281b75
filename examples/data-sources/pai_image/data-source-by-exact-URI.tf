# Use this for a URI from elsewhere, such as a job: it is an error if the URI is not listed, and you get the labels of the image.
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
