# Use this for a job in another region than the provider's. One provider block serves all regions.
data "pai_image" "singapore" {
  region         = "ap-southeast-1"
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch"
  name_regex     = "-py312-"
  latest_version = true
}

output "in_singapore" {
  value = data.pai_image.singapore.image_uri
}
