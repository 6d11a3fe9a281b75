# For a training job: the highest PyTorch 2.x from 2.8 on that PAI itself maintains for GPUs. Exactly one image, or an error.
data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  version        = "~> 2.8"
  name_regex     = "^pytorch:" # of this repository; others hold PyTorch, too
  latest_version = true
}

# Stands for the job.
resource "terraform_data" "training_job" {
  input = {
    image_uri = data.pai_image.pytorch.image_uri
  }
}
