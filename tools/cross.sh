#!/usr/bin/env bash
# Compiles the provider, its tools and all tests for each platform: cross.sh OS/ARCHITECTURE...
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0
for platform in "$@"; do
  echo "$platform"
  export GOOS=${platform%/*} GOARCH=${platform#*/}
  go build ./...
  tools/modules.sh go vet ./... # compiles tests as well
done
