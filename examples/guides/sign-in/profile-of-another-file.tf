# Use this for a profile in a file other than ~/.aliyun/config.json: a file of the CLI, or an INI file of the SDKs.
variable "credentials_file" {
  type    = string
  default = "~/work/aliyun.json"
}

provider "pai" {
  region                  = "cn-hangzhou"
  shared_credentials_file = var.credentials_file
  profile                 = "ci"
}
