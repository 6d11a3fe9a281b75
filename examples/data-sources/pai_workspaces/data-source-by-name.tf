# Use this if the workspace may not exist: the list is then empty, which is not an error.
data "pai_workspaces" "vision" {
  workspace_name = "vision_lab"
  name_regex     = "^vision_lab$" # the API may also match a part of the name
}

output "ids" {
  value = data.pai_workspaces.vision.ids
}
