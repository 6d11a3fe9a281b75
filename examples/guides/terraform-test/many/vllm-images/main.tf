terraform {
  required_providers {
    pai = {
      source = "terraform.local/pai/pai"
    }
  }
}

data "pai_images" "vllm" {
  official     = true
  supported_by = ["eas"]
  chip_type    = "GPU"
  framework    = "vLLM"
}

output "images" {
  value = data.pai_images.vllm.images
}
