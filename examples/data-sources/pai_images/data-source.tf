# For a training job on GPUs: PAI's own images with PyTorch 2.8 or a later 2.x.
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
