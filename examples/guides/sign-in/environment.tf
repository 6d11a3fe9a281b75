# Use this in CI, or if each user has credentials of their own. The configuration contains no credentials.
provider "pai" {
  region = "cn-hangzhou"
}
