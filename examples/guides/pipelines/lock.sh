#!/bin/sh
# Writes the provider's checksum for each platform to the lock file. Run it after PAI_COMMIT has changed, and commit the lock file.
set -eu
GOOS=linux GOARCH=amd64 sh install.sh
GOOS=darwin GOARCH=arm64 sh install.sh
rm -f .terraform.lock.hcl
terraform providers lock -fs-mirror=terraform.d/plugins -platform=linux_amd64 -platform=darwin_arm64 terraform.local/pai/pai
