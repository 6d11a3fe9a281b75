#!/usr/bin/env bash
# The picture of the demo in README, drawn from what a run of it printed, with the pinned OpenTofu whatever else is there:
#   picture.sh draw    writes tools/demo/demo.svg
#   picture.sh check   says whether that is what would be drawn now; changes nothing
# It shows the demo's last part, from the plan that finds no change, word for word and in its colours. Only what differs from run to
# run, an id and the seconds, is left out, with a … in its place.
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
  echo "picture.sh: the demo has no step \"Nothing has changed\" any more: say here where the picture begins" >&2
  exit 1
}

# The reader's own font, for one that is embedded weighs ten times the rest. As wide as a URI in a plan, so that none is broken.
"$freeze" --config base --language ansi --wrap 137 --window --background '#171717' --border.radius 8 --padding 16,20,4,16 \
  --font.family 'ui-monospace, Menlo, Consolas, monospace' --line-height 1.25 --output "$work/drawn.svg" "$work/part" >/dev/null </dev/null
# A viewBox lets a page show it at any width.
sed -E 's/^<svg width="([0-9.]+)" height="([0-9.]+)"/<svg viewBox="0 0 \1 \2" width="\1" height="\2"/' "$work/drawn.svg" >"$work/demo.svg"

case $mode in
draw)
  cp "$work/demo.svg" "$picture"
  echo "$picture"
  ;;
check)
  # What a reader reads, line by line, before the rest: a difference in that is one that can be told.
  words() { awk '{ gsub(/<\/text>/, "\n"); gsub(/<[^>]*>/, ""); print }' "$1"; }
  words "$picture" >"$work/there"
  words "$work/demo.svg" >"$work/now"
  if ! diff -u "$work/there" "$work/now" || ! cmp "$picture" "$work/demo.svg"; then
    echo "$picture is not what the demo prints: run make picture" >&2
    exit 1
  fi
  ;;
*)
  echo "picture.sh: $mode: neither draw nor check" >&2
  exit 2
  ;;
esac
