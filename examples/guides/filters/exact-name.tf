# Use this if you know the whole name. `name` must match exactly: `pytorch:2.9.1` matches nothing.
data "pai_image" "pytorch" {
  name     = "pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
  official = true
}

output "image_id" {
  value = data.pai_image.pytorch.image_id
}
