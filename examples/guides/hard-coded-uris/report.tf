data "pai_images" "repository" {
  for_each = local.parsed

  region     = each.value.region
  official   = true
  repository = "${coalesce(each.value.namespace, "library")}/${each.value.repository}"
}

data "pai_images" "releases" {
  for_each = local.parsed

  region     = each.value.region
  official   = true
  repository = "${coalesce(each.value.namespace, "library")}/${each.value.repository}"
  version    = ">= 0" # no pre-releases
  sort_by    = "image_version"
  order      = "DESC"
}

locals {
  same_tag = {
    for name, list in data.pai_images.repository : name =>
    [for image in list.images : image.image_uri if image.tag == local.parsed[name].tag]
  }
}

output "report" {
  value = {
    for name, uri in local.image_uris : name => (
      contains(local.same_tag[name], uri) ? "listed" :
      length(local.same_tag[name]) > 0 ? "listed as ${join(", ", local.same_tag[name])}" : "not listed"
    )
  }
}

output "releases" {
  value = {
    for name, list in data.pai_images.releases : name =>
    [for image in list.images : "${lookup(image.label_map, "system.chipType", "no chip")} ${image.image_uri}"]
    if length(local.same_tag[name]) == 0
  }
}
