# Use this for images that your team added to a workspace. Official images belong to no workspace, so they are not listed.
data "pai_images" "team" {
  workspace_id  = "20455"
  accessibility = "PUBLIC"
  order         = "DESC"
}

output "team_images" {
  value = data.pai_images.team.names
}
