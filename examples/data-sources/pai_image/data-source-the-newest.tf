# For whatever was built last, whichever version it holds. `official` keeps images out that others have added.
data "pai_image" "newest" {
  official     = true
  supported_by = ["dsw"]
  chip_type    = "GPU"
  name_regex   = "^modelscope:"
  most_recent  = true
}

output "newest" {
  value = "${data.pai_image.newest.image_uri}, of ${data.pai_image.newest.gmt_create_time}"
}
