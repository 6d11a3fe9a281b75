# The latest image of the repository `pytorch` for GPU training jobs: PyTorch 2.x, Python 3.12.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch" # other repositories contain PyTorch, too
  version        = "~> 2.8"
  name_regex     = "-py312-" # each version has several variants
  latest_version = true
}

# A placeholder for the job.
resource "terraform_data" "training_job" {
  input = {
    image_uri = data.pai_image.pytorch.image_uri
  }
}
