#!/bin/sh
# Installs the provider with a version that names its commit.
set -eu
make -C provider install PLUGINS="$PWD/terraform.d/plugins" VERSION="0.1.0-g$(git -C provider rev-parse --short=12 HEAD)"
