# For an overview, or a lookup by name elsewhere: all images, as a map from name to URIs.
data "pai_images" "all" {}

locals {
  # Names need not be unique, so each has a list of URIs. What the API leaves out is null, which can't be a key.
  uris_by_name = {
    for image in data.pai_images.all.images : image.name => image.image_uri... if image.name != null
  }
}

output "uris_by_name" {
  value = local.uris_by_name
}
