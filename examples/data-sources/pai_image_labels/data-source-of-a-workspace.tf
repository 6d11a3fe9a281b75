# Use this for the labels that your team sets on the custom images of its workspace.
data "pai_image_labels" "team" {
  workspace_id = "20455"
}

output "label_keys" {
  value = keys(data.pai_image_labels.team.label_values)
}
