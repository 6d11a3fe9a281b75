# For an image whose id you have written down: one request, no search. What else is set is checked on it, and an error says
# what doesn't hold.
data "pai_image" "pinned" {
  image_id  = "image-twrhdx69vlcv1r36"
  official  = true
  framework = "PyTorch"
  version   = "~> 2.9"
}

output "image_uri" {
  value = data.pai_image.pinned.image_uri
}
