# Use this on your own machine, with a profile created by `aliyun configure --profile dev`. The provider uses the profile's region, unless you
# set `region` here.
provider "pai" {
  profile = "dev"
}
