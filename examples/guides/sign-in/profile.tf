# For a person at a machine: a profile that `aliyun configure --profile dev` has made, of any mode. The region is the
# profile's own unless one is set here.
provider "pai" {
  profile = "dev"
}
