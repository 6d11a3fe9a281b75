# For words that only the description has: `query` is the API's own search over names and descriptions.
data "pai_image" "inference" {
  query      = "EAS on PPU"
  official   = true
  framework  = "vLLM"
  version    = "~> 0.11"
  name_regex = "^vllm:"
}

output "image_uri" {
  value = data.pai_image.inference.image_uri
}
