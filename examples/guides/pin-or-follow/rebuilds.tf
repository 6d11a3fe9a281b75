# Only builds of PyTorch 2.9.1 for Python 3.12 and CUDA 13.0 on Ubuntu 24.04.
data "pai_image" "pytorch_variant" {
  official    = true
  name_regex  = "^pytorch:2\\.9\\.1-gpu-py312-cu130-ubuntu24\\.04-[0-9a-f]{8}-[0-9]+$"
  most_recent = true
}
