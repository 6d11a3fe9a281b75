#!/usr/bin/env bash
# Runs the benchmarks with a CLI and with the pinned OpenTofu: bench.sh CLI [FLAG...]. See cli.sh for the values of CLI.
set -euo pipefail
tools=$(cd "$(dirname "$0")/.." && pwd)
cli=$("$tools/cli.sh" "$1")
pinned=$("$tools/cli.sh" pinned)
benchstat=$("$tools/tool.sh" benchstat)
shift
export PAI_BENCH_CLIS=$cli
[ "$cli" = "$pinned" ] || PAI_BENCH_CLIS=$cli:$pinned
go -C "$tools/bench" run . -benchstat "$benchstat" "$@"
