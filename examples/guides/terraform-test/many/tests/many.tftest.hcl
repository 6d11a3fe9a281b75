mock_provider "pai" {
  # The result of each pai_image, in every module and with every key of for_each.
  mock_data "pai_image" {
    defaults = {
      image_uri = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
    }
  }
}

# The module is not evaluated, so its list needs only the attributes that the caller reads.
override_module {
  target = module.vllm
  outputs = {
    images = [
      { image_uri = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:0.9.1", image_version = "0.9.1" },
      { image_uri = "eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:0.14.0-gpu", image_version = "0.14.0" },
    ]
  }
}

run "each_region_has_an_image" {
  command = plan

  variables {
    regions = ["ap-southeast-1", "cn-hangzhou", "cn-shanghai"]
  }

  assert {
    condition     = length(output.image_uris) == 3
    error_message = "The output has ${length(output.image_uris)} regions."
  }
  assert {
    condition     = toset(values(output.repositories)) == toset(["pytorch"])
    error_message = "The repositories are ${jsonencode(output.repositories)}."
  }
}

run "the_image_of_vllm_0_14_is_used" {
  command = plan

  assert {
    condition     = endswith(output.vllm_0_14, "/vllm:0.14.0-gpu")
    error_message = "The output is ${output.vllm_0_14}."
  }
}
