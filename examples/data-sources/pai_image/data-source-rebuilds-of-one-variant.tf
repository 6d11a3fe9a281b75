# Use this to follow only rebuilds of the same software. Only the hash and the time at the end of the name may differ.
data "pai_image" "pytorch" {
  official    = true
  name_regex  = "^pytorch:2\\.9\\.1-gpu-py312-cu130-ubuntu24\\.04-[0-9a-f]{8}-[0-9]+$"
  most_recent = true
}

output "image_uri" {
  value = data.pai_image.pytorch.image_uri
}
