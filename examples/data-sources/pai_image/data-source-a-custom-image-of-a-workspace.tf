# For the newest image that your team has added to its workspace. Official images belong to no workspace.
data "pai_image" "easyrec" {
  workspace_id  = "20455"
  accessibility = "PUBLIC" # for all members of the workspace, not only for whoever added it
  chip_type     = "GPU"
  name_regex    = "^easyrec:"
  most_recent   = true
}

output "image_uri" {
  value = data.pai_image.easyrec.image_uri
}
