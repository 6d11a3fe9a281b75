terraform {
  required_version = ">= 1.8"

  required_providers {
    pai = {
      source  = "terraform.local/pai/pai"
      version = "~> 0.1"
    }
  }
}

provider "pai" {}

# The URIs in the configuration today.
locals {
  image_uris = {
    chat     = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:0.14.0-gpu"
    features = "dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/tensorflow:2.11-cpu-py39-ubuntu20.04-1"
    gbdt     = "registry.cn-hangzhou.aliyuncs.com/pai-dlc/xgboost-training:1.5.2-cpu-py36-ubuntu18.04"
    legacy   = "registry-vpc.cn-hangzhou.aliyuncs.com/pai-dlc/tensorflow-training:2.3-gpu-py36-cu101-ubuntu18.04"
    notebook = "dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.9.1-gpu-py311-cu124-ubuntu22.04"
    ranking  = "registry.cn-hangzhou.aliyuncs.com/pai-dlc/pytorch-training:1.12PAI-gpu-py38-cu113-ubuntu20.04"
    search   = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/sglang:v0.5.9"
    speech   = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/nemo:24.12-gpu-py312-cu126-ubuntu24.04"
    stable   = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.8.0-gpu-py312-cu129-ubuntu24.04-9f03b1aa-1764730812"
    train    = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
  }
}

# Placeholders for jobs and services.
resource "terraform_data" "job" {
  for_each = local.image_uris

  input = {
    name      = each.key
    image_uri = each.value
  }
}
