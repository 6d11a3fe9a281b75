# Use this for labels that have no argument of their own. All labels must match. `*` matches any value.
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
