# Where the credentials are kept elsewhere, hand them in as variables, such as TF_VAR_access_key. Left at null, the
# variables say nothing and the provider looks in its other places.
variable "access_key" {
  type      = string
  sensitive = true
  default   = null
}

variable "secret_key" {
  type      = string
  sensitive = true
  default   = null
}

# Only for the keys of an STS session.
variable "security_token" {
  type      = string
  sensitive = true
  default   = null
}

provider "pai" {
  region         = "cn-hangzhou"
  access_key     = var.access_key
  secret_key     = var.secret_key
  security_token = var.security_token
}

data "pai_images" "official" {
  official = true
}

output "image_count" {
  value = length(data.pai_images.official.images)
}
