#!/usr/bin/env bash
# Runs a command in each Go module that contains code of this project: modules.sh COMMAND...
#   modules.sh -all COMMAND...   also runs it in the modules that only pin a tool
set -euo pipefail
cd "$(dirname "$0")/.."
all=
if [ "${1:-}" = -all ]; then
  all=yes
  shift
fi
for file in go.mod tools/*/go.mod; do
  module=$(dirname "$file")
  if [ -n "$all" ] || compgen -G "$module/*.go" >/dev/null; then
    echo "==> $module"
    (cd "$module" && "$@")
  fi
done
