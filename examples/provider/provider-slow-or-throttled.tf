# Use this if many plans share an account and the API throttles: send fewer requests at once, and wait longer.
# The provider retries throttled requests until timeouts.read.
provider "pai" {
  region          = "cn-hangzhou"
  max_concurrency = 2
  request_timeout = "1m"
}

data "pai_images" "official" {
  official = true

  timeouts = {
    read = "15m" # for the whole lookup
  }
}

output "image_count" {
  value = length(data.pai_images.official.images)
}
