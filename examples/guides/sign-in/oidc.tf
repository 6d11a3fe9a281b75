# For CI services and Kubernetes, without keys: the token that they hand out is exchanged for a session of the role.
variable "oidc_token_file" {
  type        = string
  description = "Where the token is; it is read anew whenever a session is fetched."
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
