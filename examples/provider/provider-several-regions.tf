# Use this for jobs in several regions. A provider configuration uses one region, so each region needs its own configuration and lookup.
provider "pai" {
  region = "cn-hangzhou"
}

provider "pai" {
  alias  = "singapore"
  region = "ap-southeast-1"
}

data "pai_images" "hangzhou" {
  official  = true
  chip_type = "GPU"
  framework = "PyTorch"
  version   = "~> 2.9"
  order     = "DESC"
}

data "pai_images" "singapore" {
  provider = pai.singapore

  official  = true
  chip_type = "GPU"
  framework = "PyTorch"
  version   = "~> 2.9"
  order     = "DESC"
}

output "newest" {
  value = {
    cn-hangzhou    = try(data.pai_images.hangzhou.image_uris[0], null)
    ap-southeast-1 = try(data.pai_images.singapore.image_uris[0], null)
  }
}
