# Use this for the newest image that your team added to its workspace.
data "pai_workspace" "ranking" {
  workspace_name = "risk_and_ranking"
}

data "pai_image" "easyrec" {
  workspace_id  = data.pai_workspace.ranking.workspace_id
  accessibility = "PUBLIC" # visible to all members of the workspace
  chip_type     = "GPU"
  name_regex    = "^easyrec-"
  most_recent   = true
}

output "image_uri" {
  value = data.pai_image.easyrec.image_uri
}
