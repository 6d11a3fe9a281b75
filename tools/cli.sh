#!/usr/bin/env bash
# Prints the path of the Terraform or OpenTofu to use: cli.sh [COMMAND | pinned].
#   COMMAND  that one (a path, or a name on the PATH), or an error where it won't do
#   pinned   the OpenTofu of tools/tofu, built once, whatever is on the PATH
#   nothing  terraform or tofu on the PATH, else the pinned OpenTofu
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=environment.sh
. "$tools/environment.sh"

# Does $1 run, and is it 1.8 or later? Both have had provider functions since then, and the provider has one.
will_do() {
  local version major minor
  version=$("$1" version </dev/null 2>/dev/null | sed -nE 's/^(Terraform|OpenTofu) v([0-9]+)\.([0-9]+)\..*/\2 \3/p') || return 1
  read -r major minor <<<"$version"
  [ -n "$minor" ] && [ $((major * 1000 + minor)) -ge 1008 ]
}

build_pinned() {
  # As its makers link a release; without the flag it calls itself a development version.
  "$tools/tool.sh" tofu -ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no"
}

case ${1:-} in
pinned)
  build_pinned
  ;;
?*)
  path=$(type -P "$1") || path=
  if [ -z "$path" ] || ! will_do "$path"; then
    echo "$1: not a Terraform or OpenTofu of version 1.8 or later that runs" >&2
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
    echo "==> $path does not run, or is older than 1.8: passed over" >&2
  done < <(type -aP terraform tofu)
  build_pinned
  ;;
esac
