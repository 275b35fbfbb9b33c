#!/usr/bin/env bash
# The Debian package: made by cpack, accepted by lintian, and its program runs where it is unpacked.
#
#   package_test.sh BUILD_FOLDER
set -euo pipefail
for tool in cpack dpkg-deb dpkg-shlibdeps; do
  command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
cpack -G DEB --config "$1/CPackConfig.cmake" -B "$there/made" >"$there/log" 2>&1 ||
  { cat "$there/log"; exit 1; }
package=$(echo "$there"/made/*.deb)

field() { dpkg-deb --field "$package" "$1"; }
fail() { echo "$*" >&2; exit 1; }
[[ $(field Depends) == *libnetfilter-queue1* ]] || fail "no dependency on a library: $(field Depends)"
[ -n "$(field Version)" ] && [ -n "$(field Maintainer)" ] || fail "no version or no maintainer"

dpkg-deb --extract "$package" "$there/root"
program=$there/root/usr/bin/faultline
cd "$there"
"$program" list handshake/three-way | grep -q '^handshake/three-way ' || fail "no suite"
"$program" stack list | grep -q '^gvisor ' || fail "no stacks"
"$program" run --kernel host --ipv4 handshake/three-way | grep -q '1 PASS' || fail "no run"
gzip -dc "$there/root/usr/share/man/man1/faultline.1.gz" | grep -q '^.Nm faultline' || fail "no page"

command -v lintian >/dev/null || { echo "SKIP: lintian is not installed; the rest went well"; exit 77; }
lintian --allow-root --fail-on error "$package" || fail "lintian does not accept the package"
