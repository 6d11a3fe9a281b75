# shellcheck shell=bash
# Sourced by the scripts beside it. What the caller's environment says of Terraform or Alibaba Cloud (a workspace, extra
# arguments, an account's keys) has no part in them: they do the same for everyone, and never reach a real account. Nor have
# the variables of an outer make: the examples name the provider by the address that stands in the code.
# shellcheck disable=SC2086 # the names are to be split, and there may be none
unset ${!TF_*} ${!ALIBABA_CLOUD_*} ${!ALICLOUD_*} AIWORKSPACE_ENDPOINT MAKEFLAGS MAKEOVERRIDES MFLAGS
TF_CLI_CONFIG_FILE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/terraformrc
export TF_CLI_CONFIG_FILE CHECKPOINT_DISABLE=1
