# Use this with a hub account: CI signs in to the hub account with OIDC, and assumes a role in the account that has the images.
variable "oidc_token_file" {
  type = string
}

provider "pai" {
  region = "cn-hangzhou"

  assume_role_with_oidc {
    oidc_provider_arn = "acs:ram::1234567890123456:oidc-provider/github"
    role_arn          = "acs:ram::1234567890123456:role/hub"
    oidc_token_file   = var.oidc_token_file
  }

  assume_role {
    role_arn = "acs:ram::6543210987654321:role/images-reader"
  }
}
