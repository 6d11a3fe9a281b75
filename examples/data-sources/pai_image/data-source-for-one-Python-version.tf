# Use this if your code needs a certain Python version. Newer images have it in the label system.language.Python, and older images in
# system.pythonVersion. Some have neither label, but most names contain the version, so this example filters by name. For another framework,
# omit the repository at first, as in "-py311-". TensorFlow, for example, is in the repositories tensorflow-training and modelscope.
data "pai_image" "python" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  name_regex     = "^pytorch:.*-py312-"
  latest_version = true
}

output "image_uri" {
  value = data.pai_image.python.image_uri
}
