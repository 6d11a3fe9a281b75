#!/usr/bin/env bash
# Draws README's picture of the demo, from the output of a run with the pinned OpenTofu:
#   picture.sh draw    writes tools/demo/demo.svg
#   picture.sh check   changes nothing; fails if tools/demo/demo.svg is out of date
# The picture shows the demo's second plan. "…" replaces an ID and a duration, because they differ between runs, and the parts of URIs that
# would make lines longer than 100 columns. Where the plan changes the image, the versions in the tags are marked.
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
awk 'on; /==> The next plan/ { on = getline } /^\(exit status/ { on = 0 }' "$work/whole" |
  sed -E -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/…/' -e 's/ after [0-9]+s/ after …/' \
    -e 's/"[^"]*(\/pai\/pytorch:)/"…\1/g' -e 's/(pytorch:[^-]+-gpu-py312-)[^]"]*/\1…/g' \
    -e $'s/(pytorch:)([^-]+)(.*->.*pytorch:)([^-]+)/\\1\e[4;91m\\2\e[0m\\3\e[4;92m\\4\e[0m/' >"$work/part"
grep -q $'\e\\[4;92m' "$work/part" || {
  echo "picture.sh: found no plan that changes the tag: adapt this script to the demo" >&2
  exit 1
}

# Use the reader's font, because an embedded one would make the file ten times larger.
"$freeze" --config base --language ansi --wrap 100 --background '#171717' --border.radius 8 --padding 12,28,0,16 \
  --font.family 'Menlo, Consolas, monospace' --line-height 1.25 --output "$work/drawn.svg" "$work/part" >/dev/null </dev/null
# With a viewBox, a page can show the picture at any width. freeze ignores the code for bold.
sed -E -e 's/^<svg width="([0-9.]+)" height="([0-9.]+)"/<svg viewBox="0 0 \1 \2" width="\1" height="\2"/' \
  -e 's/text-decoration="underline"/& font-weight="bold"/g' "$work/drawn.svg" >"$work/demo.svg"

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
