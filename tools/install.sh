#!/usr/bin/env bash
# Builds the provider into a folder with the layout of a filesystem mirror: install.sh FOLDER ADDRESS VERSION [CLI].
# If ADDRESS has no host, it installs the provider under the host of each CLI; see addresses.sh.
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
platform=$(go env GOOS)_$(go env GOARCH)
addresses=$("$tools/addresses.sh" "$2" "${4:-}")
for address in $addresses; do
  folder=$1/$address/$3/$platform
  mkdir -p "$folder"
  "$tools/build.sh" "$folder/terraform-provider-${2##*/}_v$3" "$2" "$3"
  echo "Installed $address $3 in $folder"
done
