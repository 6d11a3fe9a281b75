# Use this in CI, and if each user has an account: the configuration contains no credentials.
provider "pai" {
  region = "cn-hangzhou"
}
