# The selected image. It keeps its URI until someone changes triggers_replace.
resource "terraform_data" "image" {
  input            = data.pai_image.pytorch.image_uri
  triggers_replace = 1

  lifecycle {
    ignore_changes = [input]
  }
}

# A placeholder for an experiment. It uses input, because output is unknown in a plan that selects an image.
resource "terraform_data" "experiment" {
  input = {
    command   = "python train.py"
    image_uri = terraform_data.image.input
  }
}

# Warns if the selected image is no longer listed.
data "pai_images" "selected" {
  image_uri = terraform_data.image.input
}

check "selected_image_is_listed" {
  assert {
    condition     = contains(data.pai_images.selected.image_uris, terraform_data.image.input)
    error_message = "${terraform_data.image.input} is no longer listed. To select another image, change triggers_replace."
  }
}
