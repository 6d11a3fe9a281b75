# For code that needs one version of Python. Newer images say theirs in the label system.language.Python, older ones in
# system.pythonVersion, and some in neither; the names of most have it, so here the name is asked. For another framework,
# begin without the repository, as in "-py311-": tensorflow-training and modelscope hold TensorFlow.
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
