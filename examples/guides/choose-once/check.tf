# Warns if the selected image is no longer listed.
data "pai_images" "chosen" {
  image_uri = terraform_data.image.input
}

check "chosen_image_is_listed" {
  assert {
    condition     = contains(data.pai_images.chosen.image_uris, terraform_data.image.input)
    error_message = "${terraform_data.image.input} is no longer listed. Raise image_generation to select another image."
  }
}
