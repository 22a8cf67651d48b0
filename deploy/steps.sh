#!/bin/sh
# What the container is made of, step by step, for any bare Debian: `sh deploy/steps.sh system packages`.
#
# The Containerfile runs the same steps. From the project's folder; PREFIX is where the packages go.
set -eu
PREFIX="${PREFIX:-/opt/packages}"

# nginx, and a Python where there is none.
system() {
  export DEBIAN_FRONTEND=noninteractive
  set -- nginx-light
  command -v python3 >/dev/null && python3 -c 'import ensurepip' 2>/dev/null ||
    set -- "$@" python3 python3-venv
  apt-get update -q
  apt-get install -q -y --no-install-recommends "$@"
  rm -rf /var/lib/apt/lists/*
}

# Every package in the version and with the bytes that requirements.lock names.
packages() {
  python3 -m venv "$PREFIX"
  "$PREFIX/bin/python" -m pip install --no-cache-dir --disable-pip-version-check \
    --require-hashes -r requirements.lock
}

# Whether what came of it answers; nothing is left running.
check() {
  "$PREFIX/bin/python" -m deploy.serve --processes 1 --listen 127.0.0.1:8849 &
  served=$!
  trap 'kill "$served" 2>/dev/null; wait "$served" || true' EXIT
  for _ in $(seq 120); do
    if "$PREFIX/bin/python" deploy/probe.py 8849; then
      echo "it answers"
      return
    fi
    sleep 1
  done
  echo "it does not answer" >&2
  return 1
}

[ "$#" -gt 0 ] || { echo "steps: system packages check" >&2; exit 2; }
for step in "$@"; do
  case "$step" in
    system | packages | check) "$step" ;;
    *) echo "no such step: $step" >&2; exit 2 ;;
  esac
done
