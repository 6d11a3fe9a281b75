# Use this for images of another account: the provider assumes a role there, here with the keys from the environment.
provider "pai" {
  region = "cn-hangzhou"

  assume_role {
    role_arn           = "acs:ram::1234567890123456:role/images-reader"
    session_name       = "images"
    session_expiration = 900
    external_id        = "team-a"
  }
}
