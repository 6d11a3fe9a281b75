# Use this on a machine without access to the internet. The VPC endpoint is reachable only from a VPC in the region.
provider "pai" {
  region  = "cn-hangzhou"
  network = "vpc"
}

data "pai_images" "official" {
  official = true
}

output "image_count" {
  value = length(data.pai_images.official.images)
}
