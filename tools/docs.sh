#!/usr/bin/env bash
# Makes docs/ from the provider's schema, templates/ and examples/: docs.sh generate CLI.
# docs.sh check CLI says whether docs/ is what would be made, and whether the registry would take it; it changes nothing.
# tfplugindocs is handed the schema: left alone it would download a Terraform.
set -euo pipefail
mode=$1
cli=$2
tools=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=environment.sh
. "$tools/environment.sh"
cd "$tools/.."
tfplugindocs=$(tools/tool.sh docs)

# Inside the checkout, for tfplugindocs takes its output folder as relative to that.
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
# quiet COMMAND...: its output only where it fails.
quiet() {
  "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    return 1
  }
}
quiet "$cli" -chdir="$work" init -no-color
# tfplugindocs looks for the provider's short name, or for HashiCorp's address.
full=$(tools/addresses.sh "$address" "$cli")
"$cli" -chdir="$work" providers schema -json | sed "s|\"$full\":|\"pai\":|" >"$work/schema.json"

# The templates, with what the code itself says in the place of the comments that name a program of tools/.
cp -r templates "$work/templates"
go run ./tools/signintable >"$work/signintable.md"
sed -i.before -e "/^<!-- tools\/signintable -->$/{r $work/signintable.md" -e 'd;}' "$work/templates/index.md.tmpl"
rm "$work/templates/index.md.tmpl.before"

generate() {
  quiet "$tfplugindocs" generate --provider-name pai --rendered-provider-name PAI \
    --providers-schema "$work/schema.json" --website-source-dir "${work#"$PWD/"}/templates" --rendered-website-dir "$1"
}

case $mode in
generate)
  generate docs
  ;;
check)
  mkdir "$work/docs" # tfplugindocs cleans the folder before it writes, so it has to be there
  generate "${work#"$PWD/"}/docs"
  # docs/performance is make bench's and docs/reliability.md is written by hand: nothing here makes them, and tfplugindocs passes over both.
  diff -ru -x performance -x reliability.md docs "$work/docs" || {
    echo "docs/ differs from what the schema, templates/ and examples/ say: run make docs" >&2
    exit 1
  }
  quiet "$tfplugindocs" validate --provider-name pai --providers-schema "$work/schema.json"
  ;;
*)
  echo "docs.sh: $mode: neither generate nor check" >&2
  exit 2
  ;;
esac
