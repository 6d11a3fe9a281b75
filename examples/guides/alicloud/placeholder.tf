terraform {
  required_version = ">= 1.5"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

# A placeholder for the service. The plan changes it whenever it would change the service.
resource "terraform_data" "chat" {
  input = local.service_config
}
