#!/usr/bin/env bash
# Builds a pinned Go tool, once, and prints the path of the binary: tool.sh NAME [flags for go build].
# NAME is a folder beside this file, a Go module of its own; the `tool` line of its go.mod says what to build.
# Binaries are kept: linking OpenTofu or golangci-lint anew at each call, as `go tool` may do, takes long.
set -euo pipefail

name=$1
shift
tools=$(cd "$(dirname "$0")" && pwd)
module=$tools/$name
bin=$tools/../.cache/bin
mkdir -p "$bin"
bin=$(cd "$bin" && pwd)

# The caller's Go settings have no part in it: no workspace, no flags, and no need of a C compiler.
export GOWORK=off GOFLAGS=-buildvcs=false CGO_ENABLED=0

# Other pins, other code where the tool is ours, another Go or other flags make another name, so what is there is never stale.
key=$({ find "$module" -name '*.go' -o -name 'go.*' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat && go env GOVERSION GOOS GOARCH && echo "$*"; } |
  cksum | cut -d ' ' -f 1)
binary=$bin/$name-$key

if [ ! -x "$binary" ]; then
  echo "==> Building $name as pinned in tools/$name/go.mod: up to about five minutes, the first time only" >&2
  # Built aside and moved into place, so that an interrupted build leaves nothing that looks like the tool.
  aside=$(mktemp -d "$bin/.$name.XXXXXX")
  trap 'rm -rf "$aside"' EXIT
  go build -C "$module" -trimpath "$@" -o "$aside/$name" "$(sed -n 's/^tool //p' "$module/go.mod")" >&2
  rm -f "$bin/$name"-[0-9]* # and not tofu-lowest with tofu
  mv "$aside/$name" "$binary"
fi
echo "$binary"
