# Use this for a repository whose tags start with a version. Without `framework`, the provider compares the
# versions in the tags, within one repository. `version = ">= 0"` excludes pre-releases.
data "pai_image" "sglang" {
  official       = true
  name_regex     = "^sglang:"
  version        = ">= 0"
  latest_version = true
}

output "image_uri" {
  value = data.pai_image.sglang.image_uri
}
