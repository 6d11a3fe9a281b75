terraform {
  required_version = ">= 1.5"
  required_providers {
    pai = {
      source = "terraform.local/pai/pai"
    }
  }
}

# A placeholder for the service: it changes when the service would.
resource "terraform_data" "chat" {
  input = local.service_config
}
