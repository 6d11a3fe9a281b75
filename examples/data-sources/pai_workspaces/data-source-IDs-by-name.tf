# Use this for a map from the name of each workspace to its ID. Names are unique in a region.
data "pai_workspaces" "all" {}

output "ids_by_name" {
  value = { for w in data.pai_workspaces.all.workspaces : w.workspace_name => w.workspace_id }
}
