# Use this if your code needs a certain Python version. Newer images have it in the label system.language.Python, older images in
# system.pythonVersion, and some have neither. Most names contain it, so this example filters by name. For another framework, start
# without the repository, as in "-py311-": TensorFlow, for example, is in tensorflow-training and modelscope.
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
