# shellcheck shell=bash
# Source this file to ignore the caller's variables for Terraform and Alibaba Cloud (a workspace, extra arguments, an account's keys), so
# that scripts do the same for everyone and never reach a real account. It also drops the variables of an outer make, because the
# examples name the provider by the address in the code.
# shellcheck disable=SC2086 # the list of names must be split, and may be empty
unset ${!TF_*} ${!ALIBABA_CLOUD_*} ${!ALICLOUD_*} AIWORKSPACE_ENDPOINT MAKEFLAGS MAKEOVERRIDES MFLAGS
TF_CLI_CONFIG_FILE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/terraformrc
export TF_CLI_CONFIG_FILE CHECKPOINT_DISABLE=1
