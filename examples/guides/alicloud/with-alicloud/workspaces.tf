# A workspace that this configuration creates.
resource "alicloud_pai_workspace_workspace" "chat" {
  workspace_name = "chat_team"
  description    = "Inference services of the chat team"
  env_types      = ["prod"]
}

# A workspace that someone else created.
data "pai_workspace" "vision" {
  workspace_name = "vision_lab"
}

output "workspace_ids" {
  value = [alicloud_pai_workspace_workspace.chat.id, data.pai_workspace.vision.workspace_id]
}
