# Which chips are there for inference services, and which versions of vLLM?
data "pai_image_labels" "filtered" {
  labels     = { "system.official" = "true", "system.supported.eas" = "true" }
  label_keys = ["system.chipType", "system.framework.vLLM"]
}

output "values" {
  value = data.pai_image_labels.filtered.label_values
}
