#!/usr/bin/env bash
# Builds every pinned tool and prints its path.
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
for file in "$tools"/*/go.mod; do
  name=$(basename "$(dirname "$file")")
  case $name in
  terraform* | tofu*) ;; # see below
  *) ! grep -q '^tool ' "$file" || "$tools/tool.sh" "$name" ;;
  esac
done
for cli in pinned lowest lowest-terraform; do "$tools/cli.sh" "$cli"; done
