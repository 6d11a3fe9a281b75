# Use this to check that workspaces exist and are enabled.
data "pai_workspaces" "used" {
  workspace_ids = ["10086", "20455"]

  lifecycle {
    postcondition {
      condition     = alltrue([for w in self.workspaces : w.status == "ENABLED"]) && length(self.ids) == 2
      error_message = "A workspace doesn't exist, or isn't enabled."
    }
  }
}
