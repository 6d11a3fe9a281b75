#!/usr/bin/env bash
# Makes the files of a release in dist/, signs them, checks them, and hands them to GitHub as a draft: release.sh TAG [flags for goreleaser].
# The key is in GPG_PRIVATE_KEY and PASSPHRASE, as PUBLISHING.md says; GITHUB_TOKEN may be left out with --skip=publish.
# REHEARSAL=1 lets a changelog without a day pass. Nothing else is different then: what is rehearsed is what is released.
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

# Under the names that .goreleaser.yml calls them by.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$sbom" "$work/bin/cyclonedx-gomod"
ln -s "$sign" "$work/bin/sign"
export PATH="$work/bin:$PATH"
sign public >"$work/public.asc" # fails here, not after minutes, where there is no key that will do

go run ./tools/release notes >"$work/notes.md"
# GoReleaser refuses a checkout that isn't clean, and one whose commit hasn't the tag.
GORELEASER_CURRENT_TAG=$tag "$goreleaser" release --clean --release-notes "$work/notes.md" "$@"

go run ./tools/release verify dist
for signature in dist/*.sig; do sign check "${signature%.sig}" "$signature"; done
cp "$work/public.asc" dist/public.asc # for whoever has to give it to a registry
echo "==> The files of $tag are in dist/: names, sums and signatures are as registries want them"
