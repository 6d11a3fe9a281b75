# Use this for jobs in several regions. One provider block serves all regions, because each lookup sets its own.
provider "pai" {}

data "pai_images" "pytorch" {
  for_each = toset(["ap-southeast-1", "cn-hangzhou"])

  region    = each.key
  official  = true
  chip_type = "GPU"
  framework = "PyTorch"
  version   = "~> 2.9"
  order     = "DESC"
}

output "newest" {
  value = { for region, found in data.pai_images.pytorch : region => try(found.image_uris[0], null) }
}
