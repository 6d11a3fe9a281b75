# Use this if you know the ID. The lookup is one request without a search. The other arguments are checked on the image, and an error
# names each that does not match.
data "pai_image" "pinned" {
  image_id  = "image-twrhdx69vlcv1r36"
  official  = true
  framework = "PyTorch"
  version   = "~> 2.9"
}

output "image_uri" {
  value = data.pai_image.pinned.image_uri
}
