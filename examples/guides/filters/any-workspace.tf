# Use this for a custom image if you don't know its workspace. More than one match is an error.
data "pai_image" "trainer" {
  official   = false
  name_regex = "^easyrec-tf212-gpu-"
}

output "workspace_id" {
  value = data.pai_image.trainer.workspace_id
}
