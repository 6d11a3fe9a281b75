# For a plan that must not go on without an image: an empty list is no error by itself, a postcondition makes it one.
data "pai_images" "tensorflow" {
  official     = true
  supported_by = ["dlc"]
  framework    = "TensorFlow"
  version      = "~> 2.11"
  order        = "DESC"

  lifecycle {
    postcondition {
      condition     = length(self.images) > 0
      error_message = "No official image for training has TensorFlow 2.11 or a later 2.x."
    }
  }
}

output "image_uri" {
  value = data.pai_images.tensorflow.image_uris[0]
}
