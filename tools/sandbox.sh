# shellcheck shell=bash
# Source this file to run a sandbox of the image API in a script:
#   build_sandbox FOLDER           builds it into FOLDER/bin
#   start_sandbox FOLDER [FLAG...] starts it; sets the environment variables that it prints, and saves them in FOLDER/sandbox.env
#   stop_sandbox                   stops it and returns its exit status
sandbox=

build_sandbox() {
  mkdir -p "$1/bin"
  GOWORK=off GOFLAGS=-buildvcs=false go build -o "$1/bin/" ./cmd/paisandbox
}

start_sandbox() {
  local folder=$1
  shift
  "$folder/bin/paisandbox" -addr 127.0.0.1:0 "$@" >"$folder/sandbox.env" 2>"$folder/sandbox.log" &
  sandbox=$!
  for _ in {1..100}; do
    sandbox_is_ready "$folder" && break
    kill -0 "$sandbox" 2>/dev/null || break
    sleep 0.1
  done
  sandbox_is_ready "$folder" || {
    echo "The sandbox did not start: $(cat "$folder/sandbox.log")" >&2
    return 1
  }
  # shellcheck source=/dev/null
  . "$folder/sandbox.env"
}

# The sandbox is ready after it has printed the last line completely.
sandbox_is_ready() {
  local name
  for name in ENDPOINT_AIWORKSPACE REGION ACCESS_KEY_ID ACCESS_KEY_SECRET; do
    grep -qs "^export ALIBABA_CLOUD_$name=" "$1/sandbox.env" || return 1
  done
  [ -z "$(tail -c 1 "$1/sandbox.env")" ]
}

stop_sandbox() {
  local status=0
  [ -n "$sandbox" ] || return 0
  kill "$sandbox" 2>/dev/null || true
  wait "$sandbox" || status=$?
  sandbox=
  return "$status"
}
