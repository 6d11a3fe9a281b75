#!/bin/sh
# Builds the provider of the commit PAI_COMMIT in the repository PAI_SOURCE, and installs it into terraform.d/plugins.
# It needs git, make, bash and Go. GOOS and GOARCH select another platform.
set -eu
if [ -d provider ]; then
  git -C provider fetch --quiet
else
  git clone --quiet "$PAI_SOURCE" provider
fi
git -C provider checkout --quiet "$PAI_COMMIT"
make -C provider install PLUGINS="$PWD/terraform.d/plugins"
