# Use this to find an image by words in its name or description.
data "pai_image" "inference" {
  query      = "EAS on PPU"
  official   = true
  framework  = "vLLM"
  repository = "vllm"
  version    = "~> 0.11"
}

output "image_uri" {
  value = data.pai_image.inference.image_uri
}
