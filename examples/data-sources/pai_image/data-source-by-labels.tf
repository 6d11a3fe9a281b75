# For what has no argument of its own: any labels, where `*` stands for any value. All of them must hold.
data "pai_image" "deepspeed" {
  official = true

  labels = {
    "system.language.Python"     = "3.12"
    "system.framework.DeepSpeed" = "*"
  }
}

output "deepspeed_version" {
  value = data.pai_image.deepspeed.label_map["system.framework.DeepSpeed"]
}
