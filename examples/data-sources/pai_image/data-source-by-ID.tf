# Use this if you know the ID. The provider then needs one request and no search. It checks the other arguments on the image, and adds an
# error for each that doesn't match.
data "pai_image" "pinned" {
  image_id  = "image-twrhdx69vlcv1r36"
  official  = true
  framework = "PyTorch"
  version   = "~> 2.9"
}

output "image_uri" {
  value = data.pai_image.pinned.image_uri
}
