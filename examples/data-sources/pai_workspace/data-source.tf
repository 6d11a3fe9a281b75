# The ID of the workspace with this name.
data "pai_workspace" "team" {
  workspace_name = "vision_lab"
}

# The custom images of the workspace.
data "pai_images" "team" {
  workspace_id = data.pai_workspace.team.workspace_id
}

output "images" {
  value = data.pai_images.team.names
}
