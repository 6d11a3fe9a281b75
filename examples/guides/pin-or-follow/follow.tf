# A placeholder for a training job.
resource "terraform_data" "training_job" {
  input = {
    command   = "python train.py"
    image_uri = data.pai_image.pytorch.image_uri
  }
}
