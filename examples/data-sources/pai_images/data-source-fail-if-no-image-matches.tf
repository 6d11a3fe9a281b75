# Use this if the plan must fail when no image matches. An empty list alone causes no error, so a postcondition checks it.
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
