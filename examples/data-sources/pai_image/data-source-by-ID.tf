# Use this if you know the ID. The provider then needs one request. Each filter that the image doesn't match is an error.
data "pai_image" "pinned" {
  image_id  = "image-twrhdx69vlcv1r36"
  official  = true
  framework = "PyTorch"
  version   = "~> 2.9"
}

output "image_uri" {
  value = data.pai_image.pinned.image_uri
}
