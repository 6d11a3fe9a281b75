data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch"
  version        = "~> 2.9"
  name_regex     = "-py312-"
  latest_version = true
}
