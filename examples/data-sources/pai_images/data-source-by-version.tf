# Use this to see all versions of a repository, the highest first. `exclude_name_regex` drops images by name.
data "pai_images" "pytorch" {
  official           = true
  repository         = "pytorch"
  exclude_name_regex = "-ppu-"
  sort_by            = "image_version"
  order              = "DESC"
}

output "versions" {
  value = [for image in data.pai_images.pytorch.images : "${coalesce(image.image_version, "no version")}: ${image.image_uri}"]
}
