# All enabled workspaces.
data "pai_workspaces" "enabled" {
  status = "ENABLED"
}

output "names" {
  value = data.pai_workspaces.enabled.names
}
