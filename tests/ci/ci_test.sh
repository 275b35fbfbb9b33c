#!/usr/bin/env bash
# What the CI files tell a runner to do, done here: against the example of a stack, on the machine's own
# kernel, with nothing of a runner but its environment.
#
#   ci_test.sh BUILD_FOLDER SOURCE_FOLDER
set -uo pipefail
build=$1 source=$2
if ! python3 -c 'import yaml' 2>/dev/null; then
  echo "SKIP: python3-yaml is not installed"
  exit 77
fi
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
scripts() { python3 "$source/tests/ci/scripts.py" "$@" || exit 1; }
fail() {
  printf '%s\n' "$*" >&2
  cat "$there/log" >&2
  exit 1
}

scripts uses
scripts action Key >"$there/key.sh"
scripts action Build >"$there/build.sh"
scripts action Run >"$there/run.sh"
scripts gitlab cases >"$there/gitlab-cases.sh"
scripts gitlab result >"$there/gitlab-result.sh"
if command -v shellcheck >/dev/null; then
  shellcheck --severity=warning --shell=bash "$there"/*.sh "$0" || exit 1
fi

cd "$there" || exit 1
export PATH=$build:$PATH GITHUB_OUTPUT=$there/output GITHUB_PATH=$there/path
cp -r "$source/tests/stacks/example" .

# step SCRIPT [INPUT=VALUE…]: the script of a step, with the action's inputs; sets `code`.
step() {
  local script=$1 setting
  shift
  code=0
  (
    while read -r setting; do export "${setting?}"; done < <(scripts inputs)
    export KERNEL=host STACK=./example
    for setting in "$@"; do export "${setting?}"; done
    bash --noprofile --norc -eo pipefail "$there/$script"
  ) >"$there/log" 2>&1 || code=$?
}

step build.sh ACTION=/none
[ "$code" = 0 ] && [ ! -e path ] || fail "the program is there, and was built all the same"

step key.sh ACTION="$source" KERNEL=uml-6.12,uml-6.1
[ "$code" = 0 ] && grep -qE '^kernel=uml-6.12-uml-6.1-[0-9a-f]{16}$' output || fail "no key for the cache"

# What a runner's first job finds: no kernel yet, and a shell that ends with the first command that fails.
mkdir -p first/build/release
printf '#!/bin/sh\necho "$*" >>asked\n[ "$2" = build ]\n' >first/build/release/faultline
chmod +x first/build/release/faultline
(cd first && bash -ec ". '$source/cmake/setup.sh'; missing_packages() { :; }
  prepare_kernel --kernel uml-6.12,uml-6.1 --kernel=uml-5") >log 2>&1 || fail "kernels are not prepared"
[ "$(grep -c '^kernel build uml-' first/asked)" = 3 ] || fail "not every kernel is built"

cases='CASES=handshake/three-way close/half-close-client'
step run.sh "$cases" ARGS='--write-baseline baseline.json --ipv4'
[ "$code" = 0 ] || fail "the first run ends with $code"
grep -q '"handshake/three-way\[ipv4,example,server\]": "PASS"' baseline.json || fail "no baseline"
grep -q 'exit-code=0' output || fail "no output"
for shard in 1 2; do
  step run.sh "$cases" ARGS=--ipv4 BASELINE=baseline.json SHARD=$shard/2 OUT=shards/$shard
  [ "$code" = 0 ] && [ -e "shards/$shard/junit.xml" ] || fail "shard $shard ends with $code"
done
step run.sh MERGE=shards BASELINE=baseline.json OUT=merged
[ "$code" = 0 ] && [ -e merged/results.json ] || fail "merging ends with $code"
grep -q ': [0-9]* as in it$' log || fail "it is not compared with the baseline"

step run.sh $'CASES=handshake/three-way\nclose/half-close-client' $'ARGS=--ipv4\n--seed 7' OUT=lines
[ "$code" = 0 ] && grep -q 'seed 7$' log && grep -q '^PASS  close/half-close-client' log ||
  fail "of several lines only one counts"
mkdir empty
step run.sh MERGE=empty OUT=nothing
[ "$code" = 66 ] && grep -q "no results.json below 'empty'" log || fail "merging nothing ends with $code"

# The gate closes.
sed -i '0,/"PASS"/s//"FAIL"/' baseline.json
step run.sh MERGE=shards BASELINE=baseline.json OUT=merged
[ "$code" = 1 ] || fail "an outcome that is not the baseline's ends with $code"
grep -q '^  improved ' log || fail "it is not told by name"

# GitLab's two jobs, on what was accepted anew.
faultline merge shards/* --write-baseline baseline.json >log 2>&1 || fail "it cannot be accepted"
export STACK=./example BASELINE=baseline.json CI_NODE_TOTAL=2
for CI_NODE_INDEX in 1 2; do
  export CI_NODE_INDEX
  sed "s|faultline run|faultline run --kernel host --ipv4 handshake/three-way close/half-close-client|" \
    gitlab-cases.sh >gitlab.sh
  bash -e gitlab.sh >log 2>&1 || fail "GitLab's shard $CI_NODE_INDEX ends with $?"
done
bash -e gitlab-result.sh >log 2>&1 || fail "GitLab's result ends with $?"
[ -e merged/results.json ] || fail "GitLab's result is not kept"
