#!/usr/bin/env bash
# The program as `cmake --install` leaves it, where neither the sources nor the build can be reached: it
# finds its suite, its drivers, its stacks and the recipe of its kernels. The scripts for containers are
# well-formed and say what is missing.
#
#   installed_test.sh CMAKE BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
DESTDIR=$there "$1" --install "$2" --prefix /opt >"$there/log"
program=$there/opt/bin/faultline
cd "$there"
cache=${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}
unset "${!FAULTLINE@}"
export FAULTLINE_CACHE=$cache

# expect CODE TEXT COMMAND…: it ends with CODE and says TEXT.
expect() {
  local wanted=$1 text=$2 code=0 said
  shift 2
  said=$("$@" 2>&1) || code=$?
  [ "$code" = "$wanted" ] && [[ $said == *"$text"* ]] && return
  printf '%s\nends with %s and says\n%s\n' "$*" "$code" "$said" >&2
  exit 1
}

# alone COMMAND…: with empty folders in the place of sources and build. As nobody's root, where namespaces
# of users are allowed.
alone() {
  unshare --user --map-root-user --mount bash -c '
    for folder in "${@:1:2}"; do [ ! -d "$folder" ] || mount -t tmpfs none "$folder" || exit; done
    "${@:3}"' alone "$source" "$build" "$@"
}
source=$3 build=$2
if ! alone true 2>/dev/null; then
  echo "sources and build are in reach: no mount namespace can be made here"
  alone() { "$@"; }
elif alone ls "$source/cases" 2>/dev/null; then
  echo "the sources are still in reach" >&2
  exit 1
fi

# What lies above the prefix is somebody else's.
mkdir -p cases stacks/lwip harness/kernel/uml
printf '#!/bin/sh\ntouch "%s/foreign"\n' "$there" | tee stacks/lwip/build >harness/kernel/uml/build
chmod +x stacks/lwip/build harness/kernel/uml/build
expect 0 'handshake/three-way ' alone "$program" list handshake/three-way
expect 0 'ETIMEDOUT after 13' alone "$program" tune --predict --only connect
expect 0 'SYN' alone "$program" explain handshake/three-way
expect 0 '1 PASS' alone "$program" run --kernel host --ipv4 handshake/three-way
expect 0 'three_way_' alone "${program}_gtest" --gtest_list_tests --kernel host handshake/three-way
FAULTLINE_CACHE=$there/none expect 1 'uml-6.12 is not built' alone "$program" kernel path uml-6.12
FAULTLINE_CACHE=$there/none expect 0 'gVisor netstack' alone "$program" stack list
FAULTLINE_CACHE=$there/none expect 1 "lwip is not built: 'faultline stack build lwip'" \
  alone "$program" stack path lwip

# What was built for the sources' stacks and kernels is that of the installed ones, too.
for stack in lwip gvisor; do
  built=$("$build/faultline" stack path "$stack" 2>/dev/null) || continue
  expect 0 "$built" alone "$program" stack path "$stack"
  expect 0 "$built" alone "$program" stack build "$stack"
  "$program" kernel path uml-6.12 >/dev/null 2>&1 || continue
  expect 0 '4 PASS' alone "$program" run --kernel uml-6.12 --stack "$stack" handshake/three-way
done

FAULTLINE_CACHE=$there/new timeout 5 "$program" kernel build uml-6.12 >/dev/null 2>&1 || :
[ ! -e foreign ] || { echo "a program above the prefix was run" >&2; exit 1; }

for page in share/man/man1/faultline.1.gz share/bash-completion/completions/faultline \
  share/doc/faultline/case-format.md share/doc/faultline/copyright; do
  [ -s "opt/$page" ] || { echo "$page is not installed" >&2; exit 1; }
done

for script in run-suite base-image engine.sh stage test; do bash -n "$3/docker/$script"; done
FAULTLINE_ENGINE=/none expect 77 'Install podman or docker' "$3/docker/run-suite"
