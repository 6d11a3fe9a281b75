# For machines without a way to the internet: of the images found, those that are served inside the VPC.
data "pai_images" "pytorch" {
  name     = "pytorch:"
  official = true
}

locals {
  within_reach = [
    for uri in data.pai_images.pytorch.image_uris : uri if provider::pai::parse_image_uri(uri).network == "vpc"
  ]
}

output "image_uris" {
  value = local.within_reach
}
