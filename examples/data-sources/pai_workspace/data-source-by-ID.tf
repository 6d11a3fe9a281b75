# Use this to check that a workspace exists and is enabled, and to see who administers it.
data "pai_workspace" "team" {
  region       = "cn-hangzhou"
  workspace_id = "20455"

  lifecycle {
    postcondition {
      condition     = self.status == "ENABLED"
      error_message = "Workspace ${self.workspace_name} has the status ${self.status}."
    }
  }
}

output "administrators" {
  value = data.pai_workspace.team.admin_names
}
