# Use this if your code needs a certain Python version. Some images have no label for it, but most names contain it, so this example filters
# by name.
data "pai_image" "python" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch"
  name_regex     = "-py311-"
  most_recent    = true # if the highest version has several variants for Python 3.11
  latest_version = true
}

output "image_uri" {
  value = data.pai_image.python.image_uri
}
