# Use this for the labels of an image whose ID you know. To read its other attributes, too, use pai_image.
data "pai_images" "newest" {
  official  = true
  framework = "vLLM"
  order     = "DESC"
}

data "pai_image_labels" "newest" {
  image_id = data.pai_images.newest.ids[0]
}

output "labels" {
  value = data.pai_image_labels.newest.label_values
}
