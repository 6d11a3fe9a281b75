# The images in the workspace named vision_lab.
data "pai_workspace" "team" {
  workspace_name = "vision_lab"
}

data "pai_images" "team" {
  workspace_id = data.pai_workspace.team.workspace_id
}

output "image_uris" {
  value = data.pai_images.team.image_uris
}
