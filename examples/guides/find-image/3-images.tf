# vLLM images for inference services on EAS, the highest version first.
data "pai_images" "candidates" {
  official     = true
  supported_by = ["eas"]
  framework    = "vLLM"
  sort_by      = "image_version"
  order        = "DESC"
}

output "images" {
  value = [
    for image in data.pai_images.candidates.images :
    "${coalesce(image.image_version, "no version")} ${lookup(image.label_map, "system.chipType", "no chip")} ${image.image_uri}"
  ]
}
