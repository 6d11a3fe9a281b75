#!/usr/bin/env bash
# Demonstrates the provider with an image service in memory: demo.sh [CLI]. See tools/cli.sh for the values of CLI.
# It needs no account and removes all its files. With CLICOLOR_FORCE=1, the output has colours even if it is not a terminal.
set -euo pipefail
tools=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../environment.sh
. "$tools/environment.sh"
# shellcheck source=../sandbox.sh
. "$tools/sandbox.sh"
cd "$tools/.."

work=$(mktemp -d)
export TMPDIR=$work # cleanup also removes the temporary files of interrupted programs
cleanup() {
  stop_sandbox || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# Use colours only in a terminal.
heading='' bold='' plain='' no_color=-no-color
if [ -t 1 ] || [ "${CLICOLOR_FORCE:-0}" != 0 ]; then
  heading=$'\e[1;36m' bold=$'\e[1m' plain=$'\e[0m' no_color=
fi
say() { printf '\n%s==> %s%s\n' "$heading" "$*" "$plain"; }
fail() {
  printf '\n==> The demo failed: %s\n' "$*" >&2
  exit 1
}
# cli ARGUMENTS...: runs the CLI in the folder of the configuration. `run` also prints the command.
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

say "Building the provider, the sandbox (an image service in memory) and a helper"
tools/mirror.sh "$work" "$cli"
build_sandbox "$work"
go build -buildvcs=false -o "$work/bin/" ./tools/demo/changeimages
export TF_CLI_CONFIG_FILE=$work/terraformrc # install the provider from $work
export TF_IN_AUTOMATION=1                   # print no hints about the next command
export TF_CLI_ARGS=$no_color

say "Starting the sandbox"
"$work/bin/paisandbox" -dump-catalogue >"$work/catalogue.json"
start_sandbox "$work" -catalogue "$work/catalogue.json" || fail "the sandbox did not start"
sed -n '1s/^# //p' "$work/sandbox.env"

say "A configuration looks up an image for a training job (examples/demo/main.tf)"
mkdir "$work/configuration"
cp examples/demo/main.tf "$work/configuration/"
run init -input=false >"$work/init.log" 2>&1 || fail "$(cat "$work/init.log")"
grep -E '\$ |Installed' "$work/init.log"
run plan -input=false -out=first.tfplan
run apply -input=false first.tfplan
selected=$(cli output -raw image_uri)
[ -n "$selected" ] || fail "apply selected no image"

say "Nothing has changed, so a plan in CI exits with status 0"
status=0
run plan -input=false -detailed-exitcode || status=$?
echo "(exit status $status)"
[ "$status" -eq 0 ] || fail "the exit status of the plan is $status, want 0"

say "A new image is published"
new=$("$work/bin/changeimages" -catalogue "$work/catalogue.json" -add-after "$selected")
echo "$new"

say "The next plan in CI exits with status 2 and shows the change"
status=0
run plan -input=false -detailed-exitcode | tee "$work/plan.txt" || status=$?
echo "(exit status $status)"
[ "$status" -eq 2 ] || fail "the exit status of the plan is $status, want 2"
grep -qF "$new" "$work/plan.txt" || fail "the plan does not show the new image"

stop_sandbox || fail "the sandbox exited $? after the signal to stop: $(cat "$work/sandbox.log")"

say "Done. The demo left nothing behind."
