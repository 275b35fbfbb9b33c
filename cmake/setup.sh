# Sourced by ./run and ./check: installs what is missing, configures and builds. A second call with
# nothing changed does nothing but ask the build tool.
#
#   prepare PRESET [TARGET…]   brings build/PRESET up to date; ends the script where it cannot
#   prepare_stacks             has what other stacks are built with
#   prepare_readers            has the programs that read the reports again in the tests
#   prepare_kernel [ARG…]      has the kernel built that `faultline run ARG…` needs; where that cannot
#                              be, says why and goes on: the cases can run on the machine's own
#
# Everything comes from Debian. No package that is there is ever removed: where the system's Boost is
# older than 1.81, the newer headers are unpacked beside the build instead of installed.

packages="g++ cmake ninja-build pkg-config libnetfilter-queue-dev libmnl-dev libnftnl-dev libfmt-dev
nlohmann-json3-dev libtomlplusplus-dev libcli11-dev libpugixml-dev libgtest-dev libbenchmark-dev
python3"
boost_headers=libboost1.81-dev
kernel_packages="gcc make flex bison bc xz-utils"
# Of the stacks that `faultline run --stack` builds: lwIP, gVisor.
stack_packages="dpkg-dev golang-go golang-gvisor-gvisor-dev"
# What reads reports, manual page and scripts again in the tests.
reader_packages="tshark cmark-gfm python3-jsonschema libxml2-utils perl mandoc python3-yaml shellcheck"

missing_packages() {
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      printf '%s ' "$package"
  done
}

# As root, through sudo without a password or with a terminal to ask on; else says what to type.
install_packages() {
  local command="apt-get install -y --no-install-recommends $*"
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=sudo
  else
    printf 'Some packages are missing. Install them as root, then try again:\n\n  %s\n' "$command" >&2
    exit 77
  fi
  echo "installing: $*" >&2
  export DEBIAN_FRONTEND=noninteractive
  # Where the package lists are old or absent, the first attempt fails and they are fetched.
  $as_root $command >build/setup.log 2>&1 && return
  { $as_root apt-get update && $as_root $command; } >>build/setup.log 2>&1 && return
  tail -n 20 build/setup.log >&2
  printf 'The packages could not be installed. The command was:\n\n  %s\n' "$command" >&2
  exit 70
}

boost_is_there() {
  [ -e build/deps/boost/usr/include/boost/process/v2.hpp ] ||
    [ -e /usr/include/boost/process/v2.hpp ] || [ -e /usr/local/include/boost/process/v2.hpp ]
}

unpack_boost_headers() {
  echo "unpacking the headers of $boost_headers below build/deps" >&2
  rm -rf build/deps/boost.new && mkdir -p build/deps/boost.new/download
  if ! (cd build/deps/boost.new/download && apt-get download "$boost_headers" &&
    dpkg-deb -x ./*.deb .. && rm -rf ../download) >>build/setup.log 2>&1; then
    tail -n 5 build/setup.log >&2
    echo "The package $boost_headers could not be fetched; is 'apt-get update' needed?" >&2
    exit 70
  fi
  rm -rf build/deps/boost && mv build/deps/boost.new build/deps/boost
}

install_missing() {
  local missing
  missing=$(missing_packages $packages)
  [ -z "$missing" ] || install_packages $missing
  boost_is_there || unpack_boost_headers
}

prepare() {
  local preset=$1 log=build/$1.log
  shift
  if ! mkdir -p build || [ ! -w build ]; then
    echo "The folder $PWD/build cannot be written; build in a copy that is yours." >&2
    exit 70
  fi
  if [ ! -e "build/$preset/build.ninja" ]; then
    install_missing
    echo "configuring ($preset)" >&2
    if ! cmake --preset "$preset" >"$log" 2>&1; then
      cat "$log" >&2
      exit 70
    fi
  fi
  # Progress is for people: on a terminal Ninja rewrites its one line; elsewhere a log is kept.
  if [ -t 2 ]; then
    ninja -C "build/$preset" "$@" >&2 || exit 70
  elif ! ninja -C "build/$preset" "$@" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    exit 70
  fi
}

# The kernels that the arguments name, else the one that is taken when they name none.
kernels_of() {
  local names=
  while [ $# -gt 0 ]; do
    case $1 in
      --kernel) names+=" ${2-}" ;;
      --kernel=*) names+=" ${1#*=}" ;;
    esac
    shift
  done
  echo "${names:-uml-6.12}" | tr , ' '
}

prepare_kernel() {
  local name
  for name in $(kernels_of "$@"); do
    [[ $name != uml-* ]] || prepare_uml "$name"
  done
}

# As the shell's errexit is set in some jobs, codes are taken where nothing ends.
prepare_uml() {
  local program=build/release/faultline name=$1 missing code=0
  "$program" kernel path "$name" >/dev/null 2>&1 || code=$?
  # A name that there is not is for `faultline run` to complain about.
  [ $code != 0 ] && [ $code != 64 ] || return 0
  missing=$(missing_packages $kernel_packages)
  [ -z "$missing" ] || (install_packages $missing)
  code=0
  "$program" kernel build "$name" >&2 || code=$?
  [ $code != 130 ] || exit 130
  [ $code = 0 ] || echo "Going on without $name: the machine's own kernel is taken where no other is asked for." >&2
}

# Without them the tests of those stacks are skipped.
prepare_stacks() {
  local missing
  missing=$(missing_packages $stack_packages)
  [ -z "$missing" ] || (install_packages $missing)
}

# Likewise of the tests that a report can be read by programs that others wrote.
prepare_readers() {
  local missing
  missing=$(missing_packages $reader_packages)
  [ -z "$missing" ] || (install_packages $missing)
}
