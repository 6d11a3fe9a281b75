# Use this for the workspaces of a resource group in another region.
data "pai_workspaces" "group" {
  region            = "cn-shanghai"
  resource_group_id = "rg-acfmxazb4ph6aiy"
}

output "workspaces" {
  value = data.pai_workspaces.group.workspaces
}
