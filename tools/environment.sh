# shellcheck shell=bash
# Source this file to unset the caller's variables for Terraform and Alibaba Cloud, such as a workspace, extra arguments or keys.
# Scripts then behave the same for everyone and never use a real account. It also unsets the variables of an outer make, such as
# ADDRESS, because the examples contain the address that is in the code.
# shellcheck disable=SC2086 # the list of names must be split, and may be empty
unset ${!TF_*} ${!ALIBABA_CLOUD_*} ${!ALICLOUD_*} ${!ALIBABACLOUD_*} AIWORKSPACE_ENDPOINT STS_ENDPOINT MAKEFLAGS MAKEOVERRIDES MFLAGS
TF_CLI_CONFIG_FILE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/terraformrc
export TF_CLI_CONFIG_FILE CHECKPOINT_DISABLE=1
