# Use this to drop variants that no other filter excludes.
data "pai_image" "training" {
  official           = true
  repository         = "training"
  exclude_name_regex = "-arm64_"
  latest_version     = true
}

output "image_uri" {
  value = data.pai_image.training.image_uri
}
