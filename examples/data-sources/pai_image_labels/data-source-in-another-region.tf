# Use this to compare regions: which frameworks does Singapore lack?
data "pai_image_labels" "hangzhou" {
  region = "cn-hangzhou"
}

data "pai_image_labels" "singapore" {
  region = "ap-southeast-1"
}

output "missing_in_singapore" {
  value = setsubtract(data.pai_image_labels.hangzhou.frameworks, data.pai_image_labels.singapore.frameworks)
}
