# Each run has its own override_data, or none.
mock_provider "pai" {}

run "an_image_for_another_chip_is_rejected" {
  command = plan

  override_data {
    target = data.pai_image.this
    values = {
      image_uri = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-ppu-py312-ubuntu24.04-20c4ff6e-1769418355"
      label_map = { "system.chipType" = "PPU" }
    }
  }

  expect_failures = [terraform_data.job]
}

# Without override_data, the mock generates values that aren't a valid image.
run "a_mock_alone_is_rejected" {
  command = plan

  expect_failures = [terraform_data.job]
}
