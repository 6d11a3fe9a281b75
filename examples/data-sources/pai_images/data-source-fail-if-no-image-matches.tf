# Use this if a plan must fail without an image. An empty list is no error by itself; the postcondition makes it one.
data "pai_images" "tensorflow" {
  official     = true
  supported_by = ["dlc"]
  framework    = "TensorFlow"
  version      = "~> 2.11"
  order        = "DESC"

  lifecycle {
    postcondition {
      condition     = length(self.images) > 0
      error_message = "No official image for training contains TensorFlow 2.11 or a later 2.x."
    }
  }
}

output "image_uri" {
  value = data.pai_images.tensorflow.image_uris[0]
}
