#!/usr/bin/env bash
# The program as `cmake --install` leaves it finds its suite, its driver and the recipe of its kernels;
# the scripts for containers are well-formed and say what is missing.
#
#   installed_test.sh CMAKE BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
"$1" --install "$2" --prefix "$there" >"$there/log"
cd "$there"

# expect CODE TEXT COMMAND…: it ends with CODE and says TEXT.
expect() {
  local wanted=$1 text=$2 code=0 said
  shift 2
  said=$("$@" 2>&1) || code=$?
  [ "$code" = "$wanted" ] && [[ $said == *"$text"* ]] && return
  printf '%s\nends with %s and says\n%s\n' "$*" "$code" "$said" >&2
  exit 1
}

expect 0 'handshake/three-way ' bin/faultline list handshake/three-way
expect 0 '1 PASS' bin/faultline run --kernel host --ipv4 handshake/three-way
expect 0 'three_way_' bin/faultline_gtest --gtest_list_tests --kernel host handshake/three-way
FAULTLINE_CACHE=$there/none expect 1 'uml-6.12 is not built' bin/faultline kernel path uml-6.12

for script in run-suite base-image engine.sh; do bash -n "$3/docker/$script"; done
FAULTLINE_ENGINE=/none expect 77 'Install podman or docker' "$3/docker/run-suite"
