# Use this to filter by something that only the name contains, such as the CUDA version. `name` makes the API return fewer images.
data "pai_images" "cuda_13" {
  name       = "pytorch:"
  name_regex = "^pytorch:.*-cu13\\d-"
  official   = true
}

output "names" {
  value = data.pai_images.cuda_13.names
}
