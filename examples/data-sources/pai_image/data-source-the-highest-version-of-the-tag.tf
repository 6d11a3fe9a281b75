# For a repository whose tags start with a version: without `framework`, that is what is compared, within one repository.
# A `version` of ">= 0" leaves pre-releases out.
data "pai_image" "sglang" {
  official       = true
  name_regex     = "^sglang:"
  version        = ">= 0"
  latest_version = true
}

output "image_uri" {
  value = data.pai_image.sglang.image_uri
}
