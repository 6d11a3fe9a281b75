# Use this for the default workspace of the account in the region.
data "pai_workspace" "default" {
  default = true
}

output "workspace_id" {
  value = data.pai_workspace.default.workspace_id
}
