# For another account: whoever signs in, here the environment's keys, assumes a role there.
provider "pai" {
  region = "cn-hangzhou"

  assume_role {
    role_arn           = "acs:ram::1234567890123456:role/images-reader"
    session_name       = "images"
    session_expiration = 900
    external_id        = "team-a"
  }
}
