#!/usr/bin/env bash
# Changes the provider's source address in the code, the examples and the documents: rename.sh ADDRESS, where the address is
# NAMESPACE/pai for a public registry, or HOST/NAMESPACE/pai.
set -euo pipefail
to=${1:-}
cd "$(dirname "$0")/.."
[[ $to =~ ^([a-z0-9][a-z0-9.-]*(:[0-9]+)?/)?[a-z0-9]([a-z0-9-]*[a-z0-9])?/pai$ ]] || {
  echo "rename.sh: \"$to\" is not NAMESPACE/pai or HOST/NAMESPACE/pai, in lower case" >&2
  exit 2
}
from=$(make -s address)
[ "$from" != "$to" ] || {
  echo "The address is already $to"
  exit
}
# Replace only whole quoted addresses. The path of the Go module and the examples of other addresses stay.
git grep -lF "\"$from\"" -- '*.go' '*.tf' '*.md' '*.tmpl' '*.hcl' '*.yml' '*.sh' | while read -r file; do
  sed -i.before "s|\"$from\"|\"$to\"|g" "$file"
  rm "$file.before"
  echo "$file"
done
make -s docs
echo "The address is now $to. Run make demo and make test, then commit."
