# Use this for the newest image that your team added to its workspace. Official images belong to no workspace.
data "pai_image" "easyrec" {
  workspace_id  = "20455"
  accessibility = "PUBLIC" # visible to all members of the workspace
  chip_type     = "GPU"
  name_regex    = "^easyrec-"
  most_recent   = true
}

output "image_uri" {
  value = data.pai_image.easyrec.image_uri
}
