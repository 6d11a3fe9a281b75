# Use this on your own machine: a profile created by `aliyun configure --profile dev`, of any mode. The region is the profile's, unless
# you set one here.
provider "pai" {
  profile = "dev"
}
