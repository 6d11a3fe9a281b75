#!/usr/bin/env bash
# Runs every fuzz target there is, one after the other: fuzz.sh FUZZTIME [PACKAGE...]. FUZZTIME is for each target, as
# `go test -fuzztime` takes it: 10s, 10m, 5000x. All targets run, whatever the ones before have found; the last line says how many
# failed. What fails is written to testdata/fuzz beside the target, to be kept there once it is mended.
set -euo pipefail
cd "$(dirname "$0")/.."
time=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# What `go test -list` prints is the targets of a package, each on a line, and then `ok PACKAGE`.
go test -list '^Fuzz' "${@:-./...}" >"$log" || {
  cat "$log" >&2
  exit 1
}
targets=$(awk '/^Fuzz/ { found[++n] = $1 } /^ok/ { for (i = 1; i <= n; i++) print found[i], $2; n = 0 }' "$log")
[ -n "$targets" ] || {
  echo "fuzz.sh: no target in ${*:-./...}" >&2
  exit 1
}

failed=()
while read -r target package; do
  echo "==> $target in $package"
  # An input that is merely new is cut down for a minute each, unless told otherwise, which would be all of a short time.
  if go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 100x "$package" 2>&1 </dev/null | tee "$log"; then
    continue
  fi
  # Go before 1.27 may take the end of the time for a failure (golang.org/issue/75804). Then it has found nothing, and says nothing
  # else: what is found is written to a file, and a panic or a hung worker has lines of its own.
  if ! grep -v -e '^fuzz: elapsed: ' -e '^--- FAIL: ' -e '^    context deadline exceeded$' -e '^FAIL' -e '^exit status 1$' \
    -e '^warning: ' -e '^$' "$log" >/dev/null && grep -q '^    context deadline exceeded$' "$log"; then
    echo "    (the end of the time, not a finding: golang.org/issue/75804)"
    continue
  fi
  failed+=("$target")
done <<<"$targets"

count=$(wc -l <<<"$targets")
if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz.sh: ${#failed[@]} of $((count)) targets failed: ${failed[*]}" >&2
  exit 1
fi
echo "$((count)) targets, $time each: nothing found."
