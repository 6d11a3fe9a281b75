#!/usr/bin/env bash
# Runs fuzz targets one after another: fuzz.sh FUZZTIME [PACKAGE...]. Without PACKAGE, it runs the targets of all packages.
# FUZZTIME is the limit for each target, as for `go test -fuzztime`, such as 10s, 10m or 5000x. After a failure, the next target runs; the
# last line of output contains the number of failures. Go writes a failing input to testdata/fuzz beside the target. Commit it with the fix.
set -euo pipefail
cd "$(dirname "$0")/.."
time=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# For each package, `go test -list` prints one target per line, followed by `ok PACKAGE`.
go test -list '^Fuzz' "${@:-./...}" >"$log" || {
  cat "$log" >&2
  exit 1
}
targets=$(awk '/^Fuzz/ { found[++n] = $1 } /^ok/ { for (i = 1; i <= n; i++) print found[i], $2; n = 0 }' "$log")
[ -n "$targets" ] || {
  echo "fuzz.sh: no fuzz target in ${*:-./...}" >&2
  exit 1
}

failed=()
while read -r target package; do
  echo "==> $target in $package"
  # By default Go spends up to a minute to minimize each new input, which would use up a short run.
  if go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 100x "$package" 2>&1 </dev/null | tee "$log"; then
    continue
  fi
  # Go before 1.27 may report the end of FUZZTIME as a failure (golang.org/issue/75804). In that case it prints only the lines that
  # are matched below. For a real failure, it also prints the file of the failing input, a panic or a hung worker.
  if ! grep -v -e '^fuzz: elapsed: ' -e '^--- FAIL: ' -e '^    context deadline exceeded$' -e '^FAIL' -e '^exit status 1$' \
    -e '^warning: ' -e '^$' "$log" >/dev/null && grep -q '^    context deadline exceeded$' "$log"; then
    echo "    (the time ran out, which is not a failure: golang.org/issue/75804)"
    continue
  fi
  failed+=("$target")
done <<<"$targets"

count=$(wc -l <<<"$targets")
if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz.sh: ${#failed[@]} of $((count)) fuzz targets failed: ${failed[*]}" >&2
  exit 1
fi
echo "$((count)) fuzz targets passed, $time each."
