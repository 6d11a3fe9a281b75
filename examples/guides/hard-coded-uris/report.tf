# All images of the repository of each URI, the highest version first.
data "pai_images" "repository" {
  for_each = local.parsed

  region     = each.value.region
  official   = true
  repository = each.value.repository
  sort_by    = "image_version"
  order      = "DESC"
}

locals {
  same_tag = {
    for name, list in data.pai_images.repository : name =>
    [for image in list.images : image.image_uri if image.tag == local.parsed[name].tag]
  }
  highest = { for name, list in data.pai_images.repository : name => concat(list.image_uris, ["none"])[0] }
}

output "report" {
  value = {
    for name, uri in local.image_uris : name => (
      contains(local.same_tag[name], uri) ? "listed" :
      length(local.same_tag[name]) > 0 ? "listed as ${join(", ", local.same_tag[name])}" :
      "not listed, highest version: ${local.highest[name]}"
    )
  }
}
