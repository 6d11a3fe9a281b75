# Use this for words that only the description contains. `query` is the API's own search of names and descriptions.
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
