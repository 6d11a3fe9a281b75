# Use this for the values of a few labels: the chips and the versions of vLLM.
data "pai_image_labels" "vllm" {
  label_keys = ["system.chipType", "system.framework.vLLM"]
}

output "chip_types" {
  value = data.pai_image_labels.vllm.label_values["system.chipType"]
}

output "vllm_versions" {
  value = lookup(data.pai_image_labels.vllm.label_values, "system.framework.vLLM", [])
}
