#!/usr/bin/env bash
# Builds the files of a release in dist/, signs and checks them, and uploads them to GitHub as a draft: release.sh TAG [FLAG...].
# The flags are those of goreleaser. The script reads the key from GPG_PRIVATE_KEY and PASSPHRASE; see PUBLISHING.md.
# With --skip=publish it needs no GITHUB_TOKEN. The only effect of REHEARSAL=1 is that the changelog needs no date.
set -euo pipefail
tag=${1:-}
[ $# -eq 0 ] || shift
tools=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../environment.sh
. "$tools/environment.sh"
cd "$tools/.."
export GOWORK=off GOFLAGS=-buildvcs=false

go run ./tools/release check "$tag" ${REHEARSAL:+rehearsal}
goreleaser=$(tools/tool.sh goreleaser)
sbom=$(tools/tool.sh sbom)
sign=$(tools/tool.sh sign)

# .goreleaser.yml runs the tools by these names.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$sbom" "$work/bin/cyclonedx-gomod"
ln -s "$sign" "$work/bin/sign"
export PATH="$work/bin:$PATH"
sign public >"$work/public.asc" # fails early if the key is unusable

go run ./tools/release notes >"$work/notes.md"
# GoReleaser rejects a checkout with changes, and one whose commit lacks the tag.
GORELEASER_CURRENT_TAG=$tag "$goreleaser" release --clean --release-notes "$work/notes.md" "$@"

go run ./tools/release verify dist
for signature in dist/*.sig; do sign check "${signature%.sig}" "$signature"; done
cp "$work/public.asc" dist/public.asc # the public key, to be added to a registry
echo "==> The files of $tag are in dist/. Their names, checksums and signatures are as registries require."
