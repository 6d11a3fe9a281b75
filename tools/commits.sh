#!/usr/bin/env bash
# Checks the subject of each commit after BASE: at most 72 characters, a capital letter first, no prefix, no full stop.
# Passes with a message if the history doesn't contain BASE, as in a shallow clone.
set -euo pipefail
cd "$(dirname "$0")/.."
base=92384d2 # earlier subjects follow no rule
# The checkout may belong to another user, as in many CI containers.
git() { command git -c safe.directory="$PWD" "$@"; }

if ! git merge-base --is-ancestor "$base" HEAD 2>/dev/null; then
  echo "Not checked: the history doesn't contain $base"
  exit
fi
git log --no-merges --format='%h %s' "$base..HEAD" | awk '
  { subject = substr($0, index($0, " ") + 1) }
  length(subject) > 72 { print $0 ": longer than 72 characters"; bad = 1 }
  subject !~ /^[A-Z][^ :]* .*[^.]$/ { print $0 ": needs a capital letter first, no prefix and no full stop"; bad = 1 }
  END { print NR " subjects checked"; exit bad }'
