# The images that you would accept in place of each pin.
locals {
  accepted = {
    notebook = { version = "~> 1.34", name_regex = "-pytorch[0-9.]+-gpu-py311-" }
    service  = { version = "~> 0.5", name_regex = ":v[0-9.]+$" }
    training = { version = "~> 2.9", name_regex = "-gpu-py312-" }
  }
}

data "pai_images" "accepted" {
  for_each = local.accepted

  region     = local.parsed[each.key].region
  official   = true
  chip_type  = lookup(data.pai_image.current[each.key].label_map, "system.chipType", null)
  repository = "${local.parsed[each.key].namespace}/${local.parsed[each.key].repository}"
  version    = each.value.version
  name_regex = each.value.name_regex
  sort_by    = "image_version"
  order      = "DESC"
}

locals {
  newer = [
    for name, list in data.pai_images.accepted : "${name}: ${try(list.image_uris[0], "no match")}"
    if try(list.image_uris[0], "") != local.image_uris[name]
  ]
}

check "pins_are_newest" {
  assert {
    condition     = length(local.newer) == 0
    error_message = "Latest images that are not pinned: ${join(", ", local.newer)}"
  }
}
