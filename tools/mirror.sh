#!/usr/bin/env bash
# Builds the provider into a folder from which the CLI can install it without a registry: mirror.sh FOLDER CLI.
# It also writes the CLI configuration FOLDER/terraformrc, with which `init` installs the provider from FOLDER.
# See cli.sh for the values of CLI.
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=environment.sh
. "$tools/environment.sh"
folder=$1

make -s -C "$tools/.." install PLUGINS="$folder/plugins" CLI="$2" >/dev/null
cat >"$folder/terraformrc" <<RC
disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path = "$folder/plugins"
  }
}
RC
