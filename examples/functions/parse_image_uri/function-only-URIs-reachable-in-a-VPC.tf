# Use this for machines without access to the internet. It lists only those matching images that have a VPC address.
data "pai_images" "pytorch" {
  name     = "pytorch:"
  official = true
}

locals {
  reachable = [
    for uri in data.pai_images.pytorch.image_uris : uri if provider::pai::parse_image_uri(uri).network == "vpc"
  ]
}

output "image_uris" {
  value = local.reachable
}
