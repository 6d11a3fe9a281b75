#!/usr/bin/env bash
# Gives the provider another source address everywhere: rename.sh ADDRESS, as in team/pai for a public registry's, or
# registry.example.com/team/pai. internal/build says it to the code and to make; examples and documents say it to readers.
set -euo pipefail
to=${1:-}
cd "$(dirname "$0")/.."
[[ $to =~ ^([a-z0-9][a-z0-9.-]*(:[0-9]+)?/)?[a-z0-9]([a-z0-9-]*[a-z0-9])?/pai$ ]] || {
  echo "rename.sh: \"$to\" is not NAMESPACE/pai or HOST/NAMESPACE/pai, in lower case" >&2
  exit 2
}
from=$(make -s address)
[ "$from" != "$to" ] || {
  echo "It is $to already"
  exit
}
# Only where the address stands alone, within quotes. The module's path and examples of other addresses stay.
git grep -lF "\"$from\"" -- '*.go' '*.tf' '*.md' '*.tmpl' '*.hcl' '*.yml' '*.sh' | while read -r file; do
  sed -i.before "s|\"$from\"|\"$to\"|g" "$file"
  rm "$file.before"
  echo "$file"
done
make -s docs
echo "The address is $to; try it with make demo and make test, and commit it"
