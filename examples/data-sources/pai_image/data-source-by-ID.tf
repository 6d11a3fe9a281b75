# Use this if you know the ID. Each filter that the image doesn't match is an error.
data "pai_image" "pytorch" {
  image_id  = "image-twrhdx69vlcv1r36"
  official  = true
  framework = "PyTorch"
  version   = "~> 2.9"
}

output "image_uri" {
  value = data.pai_image.pytorch.image_uri
}
