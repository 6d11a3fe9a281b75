# For a choice that only the name tells, such as the CUDA version. `name` has the API send less, `name_regex` decides.
data "pai_images" "cuda_13" {
  name       = "pytorch:"
  name_regex = "^pytorch:.*-cu13\\d-"
  official   = true
}

output "names" {
  value = data.pai_images.cuda_13.names
}
