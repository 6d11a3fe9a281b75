#!/usr/bin/env bash
# Generates docs/ from the provider's schema, templates/ and examples/:
#   docs.sh generate CLI   writes docs/
#   docs.sh check CLI      changes nothing; fails if docs/ is out of date or if a registry would reject it
# The script reads the schema with the CLI, because tfplugindocs would otherwise download Terraform.
set -euo pipefail
mode=$1
cli=$2
tools=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=environment.sh
. "$tools/environment.sh"
cd "$tools/.."
tfplugindocs=$(tools/tool.sh docs)

# The folder must be in the checkout, because tfplugindocs accepts only an output folder relative to the checkout.
mkdir -p .cache
work=$(mktemp -d "$PWD/.cache/docs.XXXXXX")
trap 'rm -rf "$work"' EXIT

tools/mirror.sh "$work" "$cli"
export TF_CLI_CONFIG_FILE=$work/terraformrc
address=$(make -s address)
cat >"$work/main.tf" <<TF
terraform {
  required_providers {
    pai = {
      source = "$address"
    }
  }
}
TF
# quiet COMMAND...: runs it, and prints its output only if it fails.
quiet() {
  "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    return 1
  }
}
quiet "$cli" -chdir="$work" init -no-color
# tfplugindocs finds a provider in the schema only by its short name or by HashiCorp's address.
full=$(tools/addresses.sh "$address" "$cli")
"$cli" -chdir="$work" providers schema -json | sed "s|\"$full\":|\"pai\":|" >"$work/schema.json"

# Replace the comment that names tools/signintable by the table that this program prints.
cp -r templates "$work/templates"
go run ./tools/signintable >"$work/signintable.md"
page=$work/templates/guides/sign-in.md.tmpl
sed -i.before -e "/^<!-- tools\/signintable -->$/{r $work/signintable.md" -e 'd;}' "$page"
rm "$page.before"

generate() {
  quiet "$tfplugindocs" generate --provider-name pai --rendered-provider-name PAI \
    --providers-schema "$work/schema.json" --website-source-dir "${work#"$PWD/"}/templates" --rendered-website-dir "$1"
}

case $mode in
generate)
  generate docs
  ;;
check)
  mkdir "$work/docs" # tfplugindocs empties the folder first, so it must exist
  generate "${work#"$PWD/"}/docs"
  # Exclude what this script does not generate: `make bench` writes docs/performance, and docs/reliability.md is written by hand.
  diff -ru -x performance -x reliability.md docs "$work/docs" || {
    echo "docs/ is out of date: run make docs" >&2
    exit 1
  }
  quiet "$tfplugindocs" validate --provider-name pai --providers-schema "$work/schema.json"
  ;;
*)
  echo "docs.sh: unknown mode \"$mode\": use generate or check" >&2
  exit 2
  ;;
esac
