# Use this for labels that have no argument of their own. All labels must match. `*` matches any value.
data "pai_images" "deepspeed" {
  official = true

  labels = {
    "system.language.Python"     = "3.12"
    "system.framework.DeepSpeed" = "*"
  }
}

output "deepspeed_versions" {
  value = {
    for image in data.pai_images.deepspeed.images : image.image_uri => image.label_map["system.framework.DeepSpeed"]
  }
}
