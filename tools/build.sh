#!/usr/bin/env bash
# Builds the provider: build.sh FILE ADDRESS VERSION. The linker sets the address, the version and the commit. Without cgo, the same commit
# and the same version of Go result in the same bytes, with or without a C compiler. Only acceptance tests set PAI_TEST_LDFLAGS, to let the
# provider use another address for the metadata of the ECS instance.
set -euo pipefail
cd "$(dirname "$0")/.."
package=$(go list -m)/internal/build
commit=$(git describe --always --abbrev=12 --dirty --exclude '*' 2>/dev/null) || commit=
CGO_ENABLED=0 go build -trimpath -ldflags "-X $package.Address=$2 -X $package.Version=$3 -X $package.Commit=$commit ${PAI_TEST_LDFLAGS-}" \
  -o "$1" .
