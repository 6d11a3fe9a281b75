terraform {
  required_version = ">= 1.5"
  required_providers {
    pai = {
      source = "terraform.local/pai/pai"
    }
  }
}

# Stands in for the service where the alicloud provider isn't at hand: it changes whenever the service would.
resource "terraform_data" "chat" {
  input = local.service_config
}
