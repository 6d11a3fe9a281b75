#!/usr/bin/env bash
# Runs the tests with Terraform or OpenTofu: test.sh CLI ADDRESS [FLAG...] PACKAGE... See cli.sh for the values of CLI; flags and packages
# are those of `go test`. If the last package is ./..., it also runs the tests of the modules under tools/.
set -euo pipefail
cd "$(dirname "$0")/.."
cli=$(tools/cli.sh "$1")
address=$(tools/addresses.sh "$2" "$cli")
shift 2

# TF_ACC enables the acceptance tests. The other variables set the CLI that they run, and the address of the provider.
namespace=${address#*/}
export TF_ACC=1 TF_ACC_TERRAFORM_PATH=$cli TF_ACC_PROVIDER_HOST=${address%%/*} TF_ACC_PROVIDER_NAMESPACE=${namespace%%/*}

if [ "${!#}" = ./... ]; then
  tools/modules.sh go test "$@"
else
  go test "$@"
fi
