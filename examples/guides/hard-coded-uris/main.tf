terraform {
  required_version = ">= 1.8"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

# Placeholders for jobs and services.
resource "terraform_data" "notebook" {
  input = "dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.9.1-gpu-py311-cu124-ubuntu22.04"
}

resource "terraform_data" "service" {
  input = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/sglang:v0.5.9"
}

resource "terraform_data" "training" {
  input = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
}
