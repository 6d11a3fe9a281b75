# On a machine that has no way to the internet, call the endpoint that is reached from inside a VPC of the region.
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
