# Use this for an overview of all images: a map from each name to its URIs.
data "pai_images" "all" {}

locals {
  # Names may not be unique, so each name has a list of URIs. A name that the API omits is null, which can't be a key.
  uris_by_name = {
    for image in data.pai_images.all.images : image.name => image.image_uri... if image.name != null
  }
}

output "uris_by_name" {
  value = local.uris_by_name
}
