# The latest PyTorch 2.x, from 2.9 on, for Python 3.12.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch" # other repositories contain PyTorch, too
  version        = "~> 2.9"
  name_regex     = "-py312-" # each version has several variants
  latest_version = true
}
