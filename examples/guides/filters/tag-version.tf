# Use this for a repository whose tags start with a version. Without `framework`, the provider compares the versions in the tags.
data "pai_image" "sglang" {
  official       = true
  repository     = "sglang"
  latest_version = true
}

output "image_uri" {
  value = data.pai_image.sglang.image_uri
}
