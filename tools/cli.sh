#!/usr/bin/env bash
# Prints the path of the Terraform or OpenTofu to use: cli.sh [COMMAND | pinned | lowest | lowest-terraform].
#   COMMAND           a path, or a name on the PATH; fails if the CLI does not run or is too old
#   pinned            the newest OpenTofu, pinned in tools/tofu and built once
#   lowest            the oldest supported OpenTofu, pinned in tools/tofu-lowest
#   lowest-terraform  the oldest supported Terraform, pinned in tools/terraform-lowest
#   no argument       terraform or tofu on the PATH, otherwise the pinned OpenTofu
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=environment.sh
. "$tools/environment.sh"

# Read the lowest versions from the go.mod files that pin them.
pinned_version() { sed -nE "s|^.*$2 v([0-9]+\.[0-9]+)\..*|\1|p" "$tools/$1/go.mod"; }
lowest_terraform=$(pinned_version terraform-lowest github.com/hashicorp/terraform)
lowest_tofu=$(pinned_version tofu-lowest github.com/opentofu/opentofu)
lowest="Terraform $lowest_terraform or OpenTofu $lowest_tofu"

# supported PATH: succeeds if the CLI runs and is not older than the lowest supported version.
supported() {
  local version kind major minor least
  version=$("$1" version </dev/null 2>/dev/null | sed -nE 's/^(Terraform|OpenTofu) v([0-9]+)\.([0-9]+)\..*/\1 \2 \3/p') || return 1
  read -r kind major minor <<<"$version"
  least=$lowest_terraform
  [ "$kind" = Terraform ] || least=$lowest_tofu
  [ -n "$minor" ] && [ $((major * 1000 + minor)) -ge $((${least%.*} * 1000 + ${least#*.})) ]
}

# These are the flags of a release. Without version.dev=no, OpenTofu prints a development version.
build() { "$tools/tool.sh" "$1" -ldflags "-s -w -X $2/version.dev=no"; }

case ${1:-} in
pinned)
  build tofu github.com/opentofu/opentofu
  ;;
lowest)
  build tofu-lowest github.com/opentofu/opentofu
  ;;
lowest-terraform)
  build terraform-lowest github.com/hashicorp/terraform
  ;;
?*)
  path=$(type -P "$1") || path=
  if [ -z "$path" ] || ! supported "$path"; then
    echo "cli.sh: $1 is not $lowest or later, or does not run" >&2
    exit 1
  fi
  case $path in
  /*) echo "$path" ;;
  *) echo "$PWD/$path" ;;
  esac
  ;;
*)
  # Try every match on the PATH, because the first may be a version manager's shim without a version behind it.
  while read -r path; do
    if supported "$path"; then
      echo "$path"
      exit
    fi
    echo "==> Skipped $path: it is older than $lowest, or does not run" >&2
  done < <(type -aP terraform tofu)
  build tofu github.com/opentofu/opentofu
  ;;
esac
