# For a custom image, whatever workspace it is in, by all that is known of it. If two match, that is an error, not a guess.
data "pai_image" "trainer" {
  official   = false
  name_regex = "^easyrec:py38-tf2\\.12-gpu-"
}

output "workspace_id" {
  value = data.pai_image.trainer.workspace_id
}
