# Use this for the labels of an image whose ID you know. To read its other attributes, too, use pai_image.
data "pai_image_labels" "pytorch" {
  image_id = "image-twrhdx69vlcv1r36"
}

output "labels" {
  value = data.pai_image_labels.pytorch.label_values
}
