# What both forms share: the lookups, and the documents made from them.
variable "workspace_id" {
  type    = string
  default = "20455"
}

variable "machine_type" {
  type    = string
  default = "ecs.gn7i-c8g1.2xlarge"
}

data "pai_image" "vllm" {
  official       = true
  supported_by   = ["eas"]
  chip_type      = "GPU"
  framework      = "vLLM"
  version        = "~> 0.14"
  latest_version = true

  labels = { # only images that say how they are started
    "system.eas.default.port"   = "*"
    "system.eas.default.script" = "*"
  }
}

data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  version        = "~> 2.9.0"
  name_regex     = "^pytorch:" # not ModelScope and others that hold PyTorch too
  latest_version = true
}

locals {
  # What EAS takes: https://www.alibabacloud.com/help/en/pai/user-guide/parameters-of-model-services
  service_config = jsonencode({
    metadata = {
      name         = "chat"
      instance     = 1
      workspace_id = var.workspace_id
    }
    cloud = {
      computing = {
        instances = [{ type = var.machine_type }]
      }
    }
    containers = [{
      image  = data.pai_image.vllm.image_uri
      port   = tonumber(data.pai_image.vllm.label_map["system.eas.default.port"])
      script = data.pai_image.vllm.label_map["system.eas.default.script"]
    }]
  })

  # What DLC's CreateJob takes.
  training_job = jsonencode({
    WorkspaceId = var.workspace_id
    DisplayName = "train"
    JobType     = "PyTorchJob"
    UserCommand = "python /mnt/code/train.py"
    JobSpecs = [{
      Type     = "Worker"
      Image    = data.pai_image.pytorch.image_uri
      PodCount = 1
      EcsSpec  = var.machine_type
    }]
  })
}

output "training_job" {
  value = local.training_job
}
