# For a URI from elsewhere, such as a job's: is it listed, and what is known of it? An error where it isn't.
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
