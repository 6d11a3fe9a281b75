#!/bin/sh
# Writes the provider's checksum for each platform to the lock file. Run it after PAI_COMMIT has changed, and commit the lock file.
set -eu
GOOS=linux GOARCH=amd64 sh install.sh
GOOS=darwin GOARCH=arm64 sh install.sh
if [ -f .terraform.lock.hcl ]; then # remove the old checksums, but keep those of other providers
  sed '\|^provider ".*/pai" {|,/^}/d' .terraform.lock.hcl >lock.tmp
  mv lock.tmp .terraform.lock.hcl
fi
terraform providers lock -fs-mirror=terraform.d/plugins -platform=linux_amd64 -platform=darwin_arm64 "terraform.local/pai/pai"
