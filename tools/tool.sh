#!/usr/bin/env bash
# Builds a pinned Go tool, unless it is already built, and prints the path of the binary: tool.sh NAME [flags for go build].
# NAME is a folder beside this file. The folder is a separate Go module, and the `tool` line of its go.mod sets the package to build.
# The script keeps binaries in .cache/bin. `go tool` may link a tool again at each call, and linking OpenTofu takes a long time.
set -euo pipefail

name=$1
shift
tools=$(cd "$(dirname "$0")" && pwd)
module=$tools/$name
bin=$tools/../.cache/bin
mkdir -p "$bin"
bin=$(cd "$bin" && pwd)

# Ignore the caller's Go workspace and flags, and build without a C compiler.
export GOWORK=off GOFLAGS=-buildvcs=false CGO_ENABLED=0

# The binary's name contains a hash of the go.mod and go.sum, the code, the version of Go and the flags, so a binary is never outdated.
key=$({ find "$module" -name '*.go' -o -name 'go.*' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat && go env GOVERSION GOOS GOARCH && echo "$*"; } |
  cksum | cut -d ' ' -f 1)
binary=$bin/$name-$key

if [ ! -x "$binary" ]; then
  echo "==> Building $name as pinned in tools/$name/go.mod. The first build takes up to about five minutes." >&2
  # Build in another folder and move the result, so that an interrupted build leaves no broken binary.
  aside=$(mktemp -d "$bin/.$name.XXXXXX")
  trap 'rm -rf "$aside"' EXIT
  go build -C "$module" -trimpath "$@" -o "$aside/$name" "$(sed -n 's/^tool //p' "$module/go.mod")" >&2
  rm -f "$bin/$name"-[0-9]* # [0-9] prevents that building tofu removes tofu-lowest
  mv "$aside/$name" "$binary"
fi
echo "$binary"
