#!/usr/bin/env bash
# Draws README's picture of the demo, from the output of a run with the pinned OpenTofu:
#   picture.sh draw    writes tools/demo/demo.svg
#   picture.sh check   changes nothing; fails if tools/demo/demo.svg is out of date
# The picture shows the last part of the demo, which starts with the plan without changes. "…" replaces an ID and durations, because they
# differ between runs.
set -euo pipefail
mode=$1
tools=$(cd "$(dirname "$0")/.." && pwd)
cd "$tools/.."
picture=tools/demo/demo.svg
cli=$(tools/cli.sh pinned)
freeze=$(tools/tool.sh freeze)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

CLICOLOR_FORCE=1 tools/demo/demo.sh "$cli" >"$work/whole" 2>"$work/errors" || {
  cat "$work/whole" "$work/errors" >&2
  exit 1
}
sed -E -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/…/' -e 's/ after [0-9]+s/ after …/' "$work/whole" |
  awk '/==> Nothing has changed/ { on = 1 } /==> Done/ { on = 0 } on' >"$work/part"
[ -s "$work/part" ] || {
  echo "picture.sh: the demo has no step \"Nothing has changed\": change the start of the picture in this script" >&2
  exit 1
}

# Use the reader's font, because an embedded one would make the file ten times larger. The width fits the longest URI in the plan.
"$freeze" --config base --language ansi --wrap 137 --window --background '#171717' --border.radius 8 --padding 16,20,4,16 \
  --font.family 'ui-monospace, Menlo, Consolas, monospace' --line-height 1.25 --output "$work/drawn.svg" "$work/part" >/dev/null </dev/null
# With a viewBox, a page can show the picture at any width.
sed -E 's/^<svg width="([0-9.]+)" height="([0-9.]+)"/<svg viewBox="0 0 \1 \2" width="\1" height="\2"/' "$work/drawn.svg" >"$work/demo.svg"

case $mode in
draw)
  cp "$work/demo.svg" "$picture"
  echo "$picture"
  ;;
check)
  # Compare the text first, line by line, because its differences are readable.
  words() { awk '{ gsub(/<\/text>/, "\n"); gsub(/<[^>]*>/, ""); print }' "$1"; }
  words "$picture" >"$work/there"
  words "$work/demo.svg" >"$work/now"
  if ! diff -u "$work/there" "$work/now" || ! cmp "$picture" "$work/demo.svg"; then
    echo "$picture is out of date: run make picture" >&2
    exit 1
  fi
  ;;
*)
  echo "picture.sh: unknown mode \"$mode\": use draw or check" >&2
  exit 2
  ;;
esac
