terraform {
  required_version = ">= 1.5"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
    alicloud = {
      source  = "aliyun/alicloud"
      version = ">= 1.238.0"
    }
  }
}

variable "region" {
  type    = string
  default = "cn-hangzhou"
}

variable "access_key" {
  type      = string
  sensitive = true
}

variable "secret_key" {
  type      = string
  sensitive = true
}

variable "security_token" {
  type      = string
  sensitive = true
  default   = null
}

provider "alicloud" {
  region         = var.region
  access_key     = var.access_key
  secret_key     = var.secret_key
  security_token = var.security_token
}

# The arguments have the same names as those of the alicloud provider.
provider "pai" {
  region         = var.region
  access_key     = var.access_key
  secret_key     = var.secret_key
  security_token = var.security_token
}

resource "alicloud_pai_service" "chat" {
  service_config = local.service_config
  workspace_id   = var.workspace_id
}
