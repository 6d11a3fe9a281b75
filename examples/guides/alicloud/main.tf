# Use this with service.tf or placeholder.tf. It looks up the images, and builds the documents for the service and the job.
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
  repository     = "vllm"
  version        = "~> 0.14"
  latest_version = true

  labels = { # only images with a port and a start command
    "system.eas.default.port"   = "*"
    "system.eas.default.script" = "*"
  }
}

data "pai_image" "pytorch" {
  official       = true
  supported_by   = ["dlc"]
  chip_type      = "GPU"
  framework      = "PyTorch"
  repository     = "pytorch" # other repositories, such as modelscope, contain PyTorch, too
  version        = "~> 2.9.0"
  name_regex     = "-py312-" # each version has several variants
  latest_version = true
}

locals {
  # The service as EAS expects it: https://www.alibabacloud.com/help/en/pai/user-guide/parameters-of-model-services
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

  # The training job as DLC's CreateJob expects it.
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
