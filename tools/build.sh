#!/usr/bin/env bash
# Builds the provider: build.sh FILE ADDRESS VERSION. The linker sets the address, the version and the commit. Tests set
# GO_LDFLAGS to further flags of the linker.
set -euo pipefail
cd "$(dirname "$0")/.."
package=$(go list -m)/internal/build
commit=$(git describe --always --abbrev=12 --dirty --exclude '*' 2>/dev/null) || commit=
go build -trimpath -ldflags "-X $package.Address=$2 -X $package.Version=$3 -X $package.Commit=$commit ${GO_LDFLAGS-}" \
  -o "$1" .
