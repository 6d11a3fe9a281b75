# Use this for the images of an inference service: vLLM from 0.9 on. Release candidates don't match this constraint.
data "pai_images" "vllm" {
  official     = true
  supported_by = ["eas"]
  chip_type    = "GPU"
  framework    = "vLLM"
  version      = ">= 0.9"
  order        = "DESC"
}

output "services" {
  value = [
    for image in data.pai_images.vllm.images : {
      image_uri = image.image_uri
      version   = image.label_map["system.framework.vLLM"]
      port      = lookup(image.label_map, "system.eas.default.port", null)
    }
  ]
}
