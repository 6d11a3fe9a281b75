#!/usr/bin/env bash
# Prints the full source address of a provider, with its host: addresses.sh ADDRESS [CLI]. See cli.sh for the values of CLI.
# Terraform and OpenTofu add different hosts to an address without a host, such as team/pai. The script therefore asks the given CLI or, if
# none is given, each CLI on the PATH, and prints each address on a line.
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
