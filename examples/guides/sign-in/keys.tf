# For a quick trial, or keys from a secret store: an AccessKey pair. With the token of an STS session, all three are the session's.
variable "access_key" {
  type      = string
  sensitive = true
}

variable "secret_key" {
  type      = string
  sensitive = true
}

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
