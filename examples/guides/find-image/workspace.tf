# The images for CPUs in the workspace named vision_lab.
data "pai_workspace" "team" {
  workspace_name = "vision_lab"
}

data "pai_images" "team" {
  workspace_id = data.pai_workspace.team.workspace_id
  chip_type    = "CPU"
}

output "team_images" {
  value = data.pai_images.team.names
}
