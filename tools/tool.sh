#!/usr/bin/env bash
# Builds a pinned Go tool, once, and prints the path of the binary: tool.sh NAME [flags for go build].
# NAME is a folder beside this file. It is a Go module of its own, and the `tool` line of its go.mod names the package to build.
# Binaries are kept in .cache/bin, because `go tool` may link them again at each call, and linking OpenTofu takes long.
set -euo pipefail

name=$1
shift
tools=$(cd "$(dirname "$0")" && pwd)
module=$tools/$name
bin=$tools/../.cache/bin
mkdir -p "$bin"
bin=$(cd "$bin" && pwd)

# Ignore the caller's Go workspace and flags, and need no C compiler.
export GOWORK=off GOFLAGS=-buildvcs=false CGO_ENABLED=0

# The binary's name depends on all that it is built from: the pins, the code, the version of Go and the flags. It is never stale.
key=$({ find "$module" -name '*.go' -o -name 'go.*' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat && go env GOVERSION GOOS GOARCH && echo "$*"; } |
  cksum | cut -d ' ' -f 1)
binary=$bin/$name-$key

if [ ! -x "$binary" ]; then
  echo "==> Building $name as pinned in tools/$name/go.mod. The first build takes up to about five minutes." >&2
  # Build in another folder and move the result, so that an interrupted build leaves no broken binary.
  aside=$(mktemp -d "$bin/.$name.XXXXXX")
  trap 'rm -rf "$aside"' EXIT
  go build -C "$module" -trimpath "$@" -o "$aside/$name" "$(sed -n 's/^tool //p' "$module/go.mod")" >&2
  rm -f "$bin/$name"-[0-9]* # the digit keeps tofu-lowest when tofu is built
  mv "$aside/$name" "$binary"
fi
echo "$binary"
