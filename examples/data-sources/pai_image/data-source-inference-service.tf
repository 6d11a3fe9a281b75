# For an inference service: the image comes with the port and the command that PAI starts it with.
data "pai_image" "vllm" {
  official       = true
  supported_by   = ["eas"]
  chip_type      = "GPU"
  framework      = "vLLM"
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
