# For what has no argument of its own: any label, where `*` stands for any value. All of them must hold.
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
