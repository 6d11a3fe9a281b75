# Use this in CI services and Kubernetes. You need no keys: the provider exchanges a token for a session of the role.
variable "oidc_token_file" {
  type        = string
  description = "File that contains the token. It is read again for each new session."
}

provider "pai" {
  region = "cn-hangzhou"

  assume_role_with_oidc {
    oidc_provider_arn = "acs:ram::1234567890123456:oidc-provider/github"
    role_arn          = "acs:ram::1234567890123456:role/terraform-plan"
    oidc_token_file   = var.oidc_token_file
    role_session_name = "images"
  }
}
