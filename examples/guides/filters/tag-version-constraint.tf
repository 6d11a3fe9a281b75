# Use this for a repository whose tags start with a version. Without `framework`, `version` applies to the tag.
data "pai_images" "modelscope" {
  name     = "modelscope:"
  official = true
  version  = ">= 1.30, < 2.0"
}

output "image_uris" {
  value = data.pai_images.modelscope.image_uris
}
