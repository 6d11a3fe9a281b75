# For a job that should have the newest image that fits: `plan` shows when a newer one is there, `apply` moves the pin.
data "pai_images" "pytorch" {
  name         = "pytorch:"
  official     = true
  supported_by = ["dlc"]
  chip_type    = "GPU"
  framework    = "PyTorch"
  version      = "~> 2.9"
  order        = "DESC" # newest first; the default is oldest first
}

# Stands for a training job.
resource "terraform_data" "training_job" {
  input = {
    image_uri = data.pai_images.pytorch.image_uris[0]
  }

  lifecycle {
    precondition {
      condition     = length(data.pai_images.pytorch.image_uris) > 0
      error_message = "No official image has PyTorch 2.9 or a later 2.x for GPUs."
    }
  }
}
