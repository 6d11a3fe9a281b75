#!/usr/bin/env bash
# Prints the path of the Terraform or OpenTofu to use: cli.sh [COMMAND | pinned | lowest | lowest-terraform].
#   COMMAND           that one (a path, or a name on the PATH), or an error where it won't do
#   pinned            the newest OpenTofu, of tools/tofu, built once, whatever is on the PATH
#   lowest            the oldest OpenTofu that will do, of tools/tofu-lowest
#   lowest-terraform  the oldest Terraform that will do, of tools/terraform-lowest
#   nothing           terraform or tofu on the PATH, else the pinned OpenTofu
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=environment.sh
. "$tools/environment.sh"

# What will do begins with what is pinned as the lowest: nowhere else is a version written that a script goes by.
pinned_version() { sed -nE "s|^.*$2 v([0-9]+\.[0-9]+)\..*|\1|p" "$tools/$1/go.mod"; }
lowest_terraform=$(pinned_version terraform-lowest github.com/hashicorp/terraform)
lowest_tofu=$(pinned_version tofu-lowest github.com/opentofu/opentofu)
lowest="Terraform $lowest_terraform or OpenTofu $lowest_tofu"

# Does $1 run, and is it as new as the lowest of its kind?
will_do() {
  local version kind major minor least
  version=$("$1" version </dev/null 2>/dev/null | sed -nE 's/^(Terraform|OpenTofu) v([0-9]+)\.([0-9]+)\..*/\1 \2 \3/p') || return 1
  read -r kind major minor <<<"$version"
  least=$lowest_terraform
  [ "$kind" = Terraform ] || least=$lowest_tofu
  [ -n "$minor" ] && [ $((major * 1000 + minor)) -ge $((${least%.*} * 1000 + ${least#*.})) ]
}

# As their makers link a release; without the flag OpenTofu calls itself a development version.
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
  if [ -z "$path" ] || ! will_do "$path"; then
    echo "$1: not a $lowest, or later, that runs" >&2
    exit 1
  fi
  case $path in
  /*) echo "$path" ;;
  *) echo "$PWD/$path" ;;
  esac
  ;;
*)
  # All of them, not the first: the first may be a version manager's shim that runs nothing.
  while read -r path; do
    if will_do "$path"; then
      echo "$path"
      exit
    fi
    echo "==> $path does not run, or is older than $lowest: passed over" >&2
  done < <(type -aP terraform tofu)
  build tofu github.com/opentofu/opentofu
  ;;
esac
