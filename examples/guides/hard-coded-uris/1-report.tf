locals {
  parsed = { for job, uri in local.image_uris : job => provider::pai::parse_image_uri(uri) }
}

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
    for job, list in data.pai_images.repository : job =>
    [for image in list.images : image.image_uri if image.tag == local.parsed[job].tag]
  }
  highest = { for job, list in data.pai_images.repository : job => concat(list.image_uris, ["none"])[0] }
}

output "report" {
  value = {
    for job, uri in local.image_uris : job => (
      contains(local.same_tag[job], uri) ? "listed" :
      length(local.same_tag[job]) > 0 ? "listed as ${join(", ", local.same_tag[job])}" :
      "not listed, highest version: ${local.highest[job]}"
    )
  }
}
