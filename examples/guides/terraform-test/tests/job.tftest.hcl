# Replaces the service: the provider never signs in and sends no requests.
mock_provider "pai" {}

# The result of the lookup in every run that has no override of its own.
override_data {
  target = data.pai_image.this
  values = {
    image_id  = "image-k1xw0u2ml4v8"
    name      = "pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
    image_uri = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
    label_map = {
      "system.official"          = "true"
      "system.chipType"          = "GPU"
      "system.supported.dlc"     = "true"
      "system.framework.PyTorch" = "2.9.1"
    }
    matched_count = 1
  }
}

run "the_job_uses_the_image" {
  assert {
    condition     = terraform_data.job.output.image_uri == data.pai_image.this.image_uri
    error_message = "The job has ${terraform_data.job.output.image_uri}."
  }
}

run "the_lookup_uses_the_filters_of_the_caller" {
  command = plan

  variables {
    framework         = "TensorFlow"
    framework_version = "~> 2.11"
  }

  assert {
    condition     = data.pai_image.this.framework == "TensorFlow" && data.pai_image.this.version == "~> 2.11"
    error_message = "The lookup has the filters ${data.pai_image.this.framework} ${data.pai_image.this.version}."
  }
}

run "a_machine_without_the_chip_is_rejected" {
  command = plan

  variables {
    machine = { type = "ecs.g7.2xlarge", chip = "CPU" }
  }

  expect_failures = [terraform_data.job]
}
