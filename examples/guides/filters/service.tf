# Use this for an inference service. The labels of the image contain the port and the start command.
data "pai_image" "vllm" {
  official       = true
  supported_by   = ["eas"]
  chip_type      = "GPU"
  framework      = "vLLM"
  repository     = "vllm" # the repository vllmv contains vLLM, too
  version        = ">= 0.9"
  latest_version = true
}

output "container" {
  value = {
    image  = data.pai_image.vllm.image_uri
    port   = lookup(data.pai_image.vllm.label_map, "system.eas.default.port", null)
    script = lookup(data.pai_image.vllm.label_map, "system.eas.default.script", null)
  }
}
