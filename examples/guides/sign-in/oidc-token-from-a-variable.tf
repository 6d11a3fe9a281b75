# Use this with a hosted Terraform that provides its workload identity token as a value, not as a file.
variable "oidc_token" {
  type      = string
  sensitive = true
}

provider "pai" {
  region = "cn-hangzhou"

  assume_role_with_oidc {
    oidc_provider_arn = "acs:ram::1234567890123456:oidc-provider/hosted"
    role_arn          = "acs:ram::1234567890123456:role/terraform-plan"
    oidc_token        = var.oidc_token
  }
}
