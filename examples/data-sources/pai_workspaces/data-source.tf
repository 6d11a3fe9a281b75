# All workspaces in which jobs can run.
data "pai_workspaces" "enabled" {
  status = "ENABLED"
}

output "names" {
  value = data.pai_workspaces.enabled.names
}
