# Use this if your code needs a certain Python version. Newer images have it in the label system.language.Python, and older images in
# system.pythonVersion. Some have neither label, but most names contain the version, so this example filters by name.
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
