# For a profile that stands in another file than ~/.aliyun/config.json: one of the CLI, or an INI file as the SDKs read.
variable "credentials_file" {
  type    = string
  default = "~/work/aliyun.json"
}

provider "pai" {
  region                  = "cn-hangzhou"
  shared_credentials_file = var.credentials_file
  profile                 = "ci"
}
