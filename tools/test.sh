#!/usr/bin/env bash
# Runs the tests with a Terraform or OpenTofu: test.sh CLI ADDRESS [FLAG...] PACKAGE..., with a CLI as for cli.sh and the rest as for
# `go test`. If the last package is ./..., the modules under tools/ are tested, too.
set -euo pipefail
cd "$(dirname "$0")/.."
cli=$(tools/cli.sh "$1")
address=$(tools/addresses.sh "$2" "$cli")
shift 2

# TF_ACC enables the acceptance tests. The others name the CLI that they run, and the address under which it finds the provider.
namespace=${address#*/}
export TF_ACC=1 TF_ACC_TERRAFORM_PATH=$cli TF_ACC_PROVIDER_HOST=${address%%/*} TF_ACC_PROVIDER_NAMESPACE=${namespace%%/*}

if [ "${!#}" = ./... ]; then
  tools/modules.sh go test "$@"
else
  go test "$@"
fi
