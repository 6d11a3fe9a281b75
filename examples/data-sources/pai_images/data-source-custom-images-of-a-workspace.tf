# For images that your team has added to a workspace. Official images belong to no workspace, so they don't appear here.
data "pai_images" "team" {
  workspace_id  = "20455"
  accessibility = "PUBLIC"
  order         = "DESC"
}

output "team_images" {
  value = data.pai_images.team.names
}
