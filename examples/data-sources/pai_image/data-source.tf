# The latest PyTorch 2.x, from 2.8 on, for training jobs on GPUs. Use this if the job should follow new releases.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  version        = "~> 2.8"
  name_regex     = "^pytorch:" # other repositories contain PyTorch, too
  latest_version = true
}

# A placeholder for the job.
resource "terraform_data" "training_job" {
  input = {
    image_uri = data.pai_image.pytorch.image_uri
  }
}
