#!/usr/bin/env bash
# Rehearses a release of the current commit: rehearse.sh [CLI]. It needs no account, and no network once the tools are built.
# 1. It builds the files of the release twice, in two clones, the second time without Go's build cache. The bytes must be the same.
# 2. It installs the archive for this platform in an empty home directory, and runs init, plan and apply. It does this with the pinned
#    OpenTofu and with Terraform (from the PATH, or the lowest supported version), or only with the given CLI; see tools/cli.sh.
# It signs with a temporary key.
set -euo pipefail
tools=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../environment.sh
. "$tools/environment.sh"
# shellcheck source=../sandbox.sh
. "$tools/sandbox.sh"
cd "$tools/.."

work=$(mktemp -d)
cleanup() {
  stop_sandbox || true
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
say() { printf '\n==> %s\n' "$*"; }
fail() {
  printf '\n==> The rehearsal failed: %s\n' "$*" >&2
  exit 1
}
started=$SECONDS

version=$(make -s version)
tag=v$version
# Ignore the caller's git settings, such as signing every tag. The checkout may belong to another user, as in many CI containers.
printf '[safe]\n\tdirectory = %s\n\tdirectory = %s\n' "$PWD" "$PWD/.git" >"$work/gitconfig"
export GIT_CONFIG_GLOBAL=$work/gitconfig
[ -z "$(git status --porcelain)" ] || echo "==> Uncommitted changes are ignored"

say "Building GoReleaser, the tools for SBOMs and signatures, and the CLIs"
for tool in goreleaser sbom; do tools/tool.sh "$tool"; done
sign=$(tools/tool.sh sign)
clis=()
if [ -n "${1:-}" ]; then
  clis+=("$(tools/cli.sh "$1")")
else
  clis+=("$(tools/cli.sh pinned)")
  terraform=$(tools/cli.sh terraform 2>/dev/null) || terraform=$(tools/cli.sh lowest-terraform)
  clis+=("$terraform")
fi
printf '%s\n' "${clis[@]}"
build_sandbox "$work"
go mod download

# From here on, network access is disabled.
export GOPROXY=off HTTP_PROXY=http://127.0.0.1:1 HTTPS_PROXY=http://127.0.0.1:1 NO_PROXY=127.0.0.1,localhost
unset GITHUB_TOKEN GITLAB_TOKEN GITEA_TOKEN
"$sign" new "$work/private.asc"
GPG_PRIVATE_KEY=$(cat "$work/private.asc")
export GPG_PRIVATE_KEY REHEARSAL=1
unset PASSPHRASE

# rehearse FOLDER [LENGTH]: builds the release in a new clone, whose remote does not exist.
rehearse() {
  git clone --quiet --no-hardlinks "$PWD" "$1"
  git -C "$1" remote set-url origin https://github.com/example/terraform-provider-pai.git
  git -C "$1" config core.abbrev "${2:-7}" # the default length of short hashes depends on the clone
  git -C "$1" tag --force "$tag" >/dev/null # the tag already exists if the version is released
  mkdir -p "$1/.cache"
  ln -s "$PWD/.cache/bin" "$1/.cache/bin"
  "$1/tools/release/release.sh" "$tag" --skip=publish,announce >"$1.log" 2>&1 || {
    cat "$1.log" >&2
    fail "the files of the release could not be built"
  }
}
say "Building the files of $tag ($(git rev-parse --short=12 HEAD)), and again in another place without a cache"
rehearse "$work/one"
(umask 077 && TZ=Asia/Shanghai GOCACHE=$work/cache rehearse "$work/another/place" 16)
for file in "$work"/one/dist/*_"$version"_*; do
  name=$(basename "$file")
  [ "${name%.sig}" = "$name" ] || continue # a signature contains its time, so it differs
  cmp "$file" "$work/another/place/dist/$name" || fail "the two builds of $name differ"
done
rm -rf "$work/another" "$work/cache"
sed 's/^/    /' "$work/one/dist/terraform-provider-pai_${version}_SHA256SUMS"
echo "    The bytes are the same both times, registries accept the names, and the signature is valid."

start_sandbox "$work"
sandbox_variables=()
for name in "${!ALIBABA_CLOUD_@}"; do
  sandbox_variables+=("$name=${!name}")
done
platform=$(go env GOOS)_$(go env GOARCH)
archive=$work/one/dist/terraform-provider-pai_${version}_$platform.zip
commit=$(git -C "$work/one" rev-parse --short=12 HEAD)

# use_archive NUMBER CLI: installs and runs the archive in an empty home directory. The environment contains only the sandbox's variables.
use_archive() {
  local home=$work/home-$1 cli=$2 address plugin
  address=$(tools/addresses.sh "$(make -s address)" "$cli")
  plugin=$home/.terraform.d/plugins/$address/$version/$platform
  mkdir -p "$home/configuration"
  go run ./tools/release unpack "$archive" "$plugin"
  "$plugin/terraform-provider-pai_v$version" -version | tee "$home/version"
  grep -qF "$version ($commit)" "$home/version" || fail "-version does not print $version ($commit)"
  cp examples/demo/main.tf "$home/configuration/"
  local arguments
  for arguments in "init -input=false" "plan -input=false -out=first.tfplan" "apply -input=false first.tfplan" \
    "plan -input=false -detailed-exitcode"; do
    echo "    $(basename "$cli") $arguments"
    # shellcheck disable=SC2086 # split the arguments
    env -i PATH="$PATH" HOME="$home" CHECKPOINT_DISABLE=1 "${sandbox_variables[@]}" \
      "$cli" -chdir="$home/configuration" ${arguments%% *} -no-color ${arguments#* } >"$home/log" 2>&1 || {
      cat "$home/log" >&2
      fail "$arguments failed"
    }
    grep -E 'Installed |Apply complete|image_uri = |No changes' "$home/log" | sed 's/^/        /' || true
  done
}
for i in "${!clis[@]}"; do
  say "Installing the archive in an empty home: $("${clis[i]}" version | sed -n 1p)"
  use_archive "$i" "${clis[i]}"
done
stop_sandbox || fail "the sandbox exited $? after the signal to stop: $(cat "$work/sandbox.log")"
say "The rehearsal passed in $((SECONDS - started)) s. \`make release TAG=$tag\` would upload the same files, signed with your key."
