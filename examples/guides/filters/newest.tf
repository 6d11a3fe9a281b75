# Use this for the image that was built last, regardless of its version. `official` excludes images that others added.
data "pai_image" "newest" {
  official     = true
  supported_by = ["dsw"]
  chip_type    = "GPU"
  repository   = "modelscope"
  most_recent  = true
}

output "newest" {
  value = "${data.pai_image.newest.image_uri}, created ${data.pai_image.newest.gmt_create_time}"
}
