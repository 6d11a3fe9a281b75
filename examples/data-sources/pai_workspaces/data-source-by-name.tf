# Use this for workspaces whose names follow a pattern. The API narrows the list, and the regular expression is exact.
data "pai_workspaces" "vision" {
  workspace_name = "vision"
  name_regex     = "^vision_lab"
}

output "ids" {
  value = data.pai_workspaces.vision.ids
}
