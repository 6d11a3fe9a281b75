# Use this to filter by a part of the name, such as the CUDA version. With `name`, the API returns fewer images.
data "pai_images" "cuda_13" {
  name       = "pytorch:"
  name_regex = "^pytorch:.*-cu13\\d-"
  official   = true
}

output "names" {
  value = data.pai_images.cuda_13.names
}
