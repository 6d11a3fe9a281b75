data "pai_image" "current" {
  for_each = local.image_uris

  region    = local.parsed[each.key].region
  official  = true
  image_uri = each.value
}
