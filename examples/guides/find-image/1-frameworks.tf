# Which frameworks exist?
data "pai_image_labels" "official" {
  labels = { "system.official" = "true" }
}

output "frameworks" {
  value = data.pai_image_labels.official.frameworks
}
