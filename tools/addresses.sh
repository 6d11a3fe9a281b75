#!/usr/bin/env bash
# Prints the full source addresses, with host, under which CLIs find a provider: addresses.sh ADDRESS [CLI], with a CLI as for cli.sh.
# An address without a host, such as team/pai, has one host in Terraform and another in OpenTofu. The script therefore asks the CLI;
# without one, it asks each CLI on the PATH.
set -euo pipefail
address=$1
tools=$(cd "$(dirname "$0")" && pwd)
case $address in
*/*/*)
  echo "$address"
  exit
  ;;
esac
# shellcheck source=environment.sh
. "$tools/environment.sh"

clis=()
if [ -n "${2:-}" ]; then
  clis+=("$("$tools/cli.sh" "$2")")
else
  for name in terraform tofu; do
    if cli=$("$tools/cli.sh" "$name" 2>/dev/null); then clis+=("$cli"); fi
  done
  [ ${#clis[@]} -gt 0 ] || clis+=("$("$tools/cli.sh" pinned)")
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'terraform {\n  required_providers {\n    pai = {\n      source = "%s"\n    }\n  }\n}\n' "$address" >"$work/main.tf"
for cli in "${clis[@]}"; do
  "$cli" -chdir="$work" providers | sed -nE 's/.*provider\[([^]]*)\].*/\1/p'
done | sort -u
