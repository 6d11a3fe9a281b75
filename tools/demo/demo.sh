#!/usr/bin/env bash
# `make demo`: the provider at work on an image service in memory. No account, no configuration, nothing left behind.
#   demo.sh [CLI]   as for tools/cli.sh; with CLICOLOR_FORCE=1, in colours wherever the output goes
set -euo pipefail
tools=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../environment.sh
. "$tools/environment.sh"
# shellcheck source=../sandbox.sh
. "$tools/sandbox.sh"
cd "$tools/.."

work=$(mktemp -d)
export TMPDIR=$work # what a program leaves when it is interrupted is gone with the rest
cleanup() {
  stop_sandbox || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# Colours are for terminals.
heading='' bold='' plain='' no_color=-no-color
if [ -t 1 ] || [ "${CLICOLOR_FORCE:-0}" != 0 ]; then
  heading=$'\e[1;36m' bold=$'\e[1m' plain=$'\e[0m' no_color=
fi
say() { printf '\n%s==> %s%s\n' "$heading" "$*" "$plain"; }
fail() {
  printf '\n==> The demo failed: %s\n' "$*" >&2
  exit 1
}
# cli ARGUMENTS...: the CLI in the folder of the configuration; `run` says first what it runs.
cli() { "$cli" -chdir="$work/configuration" "$@"; }
run() {
  local name
  name=$(basename "$cli")
  printf '\n%s$ %s %s%s\n' "$bold" "${name%%-*}" "$*" "$plain"
  cli "$@"
}

say "Looking for terraform or tofu"
cli=$(tools/cli.sh "${1:-}")
echo "$cli: $("$cli" version | sed -n 1p)"

say "Building the provider, the sandbox (the image service in memory) and this demo's helper"
tools/mirror.sh "$work" "$cli"
build_sandbox "$work"
go build -buildvcs=false -o "$work/bin/" ./tools/demo/addimage
export TF_CLI_CONFIG_FILE=$work/terraformrc # from here on the provider comes from $work
export TF_IN_AUTOMATION=1                   # no advice on what to type next
export TF_CLI_ARGS=$no_color

say "Starting the sandbox"
"$work/bin/paisandbox" -dump-catalogue >"$work/catalogue.json"
start_sandbox "$work" -catalogue "$work/catalogue.json" || fail "there is nothing to look images up in"
sed -n '1s/^# //p' "$work/sandbox.env"

say "A configuration that looks an image up, for a job to use (examples/demo/main.tf)"
mkdir "$work/configuration"
cp examples/demo/main.tf "$work/configuration/"
run init -input=false >"$work/init.log" 2>&1 || fail "$(cat "$work/init.log")"
grep -E '\$ |Installed' "$work/init.log"
run plan -input=false -out=first.tfplan
run apply -input=false first.tfplan
chosen=$(cli output -raw image_uri)
[ -n "$chosen" ] || fail "apply chose no image"

say "Nothing has changed, so a plan in CI exits 0"
status=0
run plan -input=false -detailed-exitcode || status=$?
echo "(exit status $status)"
[ "$status" -eq 0 ] || fail "the plan exited $status, not 0"

say "A new image is published"
new=$("$work/bin/addimage" -catalogue "$work/catalogue.json" -after "$chosen")
echo "$new"

say "The job would follow it, so the next plan in CI exits 2 and says what would change"
status=0
run plan -input=false -detailed-exitcode | tee "$work/plan.txt" || status=$?
echo "(exit status $status)"
[ "$status" -eq 2 ] || fail "the plan exited $status, not 2"
grep -qF "$new" "$work/plan.txt" || fail "the plan does not name the new image"

stop_sandbox || fail "the sandbox exited $? when told to stop: $(cat "$work/sandbox.log")"

say "Done: looked up, used, and told of a newer image. Nothing is left behind."
