# Use this in a container with a sidecar that provides sessions.
variable "credentials_uri" {
  type    = string
  default = "http://127.0.0.1:8000/credentials"
}

provider "pai" {
  region          = "cn-hangzhou"
  credentials_uri = var.credentials_uri
}
