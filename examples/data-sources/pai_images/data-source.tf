# All official images with PyTorch 2.8 or a later 2.x, for training jobs on GPUs.
data "pai_images" "pytorch" {
  official     = true
  supported_by = ["dlc"]
  chip_type    = "GPU"
  framework    = "PyTorch"
  version      = "~> 2.8"
}

output "image_uris" {
  value = data.pai_images.pytorch.image_uris
}
