# The image to use.
data "pai_image" "selected" {
  official       = true
  supported_by   = ["eas"]
  chip_type      = "GPU"
  framework      = "vLLM"
  repository     = "vllm"
  version        = "~> 0.14"
  latest_version = true
}

output "image_uri" {
  value = data.pai_image.selected.image_uri
}
