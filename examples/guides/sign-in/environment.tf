# For CI, and for everyone with an account of their own: nothing of it stands in the configuration.
provider "pai" {
  region = "cn-hangzhou"
}
