// With programs that stand in for apt's and dpkg's.
#include "harness/kernel/deb.hpp"

#include <gtest/gtest.h>

#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using test::content;
using test::Scratch;

constexpr auto glob = "linux-image-6.1*-cloud-amd64";
constexpr auto newest = "linux-image-6.1.0-56-cloud-amd64";

class Deb : public testing::Test {
 protected:
  void SetUp() override {
    scratch.program("apt-cache", R"(case $1 in
pkgnames) echo linux-image-6.1.0-9-cloud-amd64; echo linux-image-6.1.0-56-cloud-amd64
          echo linux-image-6.1.0-56-cloud-amd64-dbg; echo linux-image-6.12.1-cloud-amd64
          echo linux-image-cloud-amd64;;
show) shift 2; for name; do case $name in
        *-9-*) version=6.1.27-1;;
        *) version=6.1.192-2;;
      esac; printf 'Package: %s\nVersion: %s\nInstalled-Size: 100\n' $name $version
      [ $name != linux-image-cloud-amd64 ] || echo "Depends: linux-image-6.1.0-56-cloud-amd64"
      echo; done;;
esac
)");
    scratch.program("apt-get", "echo \"$@\" >>" + asked().string() + "\necho >kernel.deb\n");
    scratch.program("dpkg-deb", "mkdir -p $3/boot && echo bzImage >$3/boot/vmlinuz-6.1.0-56\n");
  }
  [[nodiscard]] fs::path asked() const { return scratch.path() / "asked"; }
  [[nodiscard]] fs::path cache() const { return scratch.path() / "cache"; }
  Result<KernelPackage> get(const std::string& what) {
    return kernel_package(what, cache(), watcher);
  }
  std::string error(const std::string& what) {
    const auto package = get(what);
    return package ? "no error" : package.error().what;
  }

  Scratch scratch;
  std::vector<std::string> said;
  Watcher watcher{.say = [this](const std::string& what) { said.push_back(what); }, .count = {}};
};

TEST_F(Deb, IsFetchedAndUnpackedOnce) {
  const auto package = get(glob);
  ASSERT_TRUE(package) << package.error().what;
  EXPECT_EQ(package->name, newest);
  EXPECT_EQ(package->version, "6.1.192-2");
  EXPECT_EQ(content(package->vmlinuz), "bzImage\n");
  EXPECT_EQ(said, (std::vector<std::string>{"fetching linux-image-6.1.0-56-cloud-amd64",
                                            "unpacking linux-image-6.1.0-56-cloud-amd64"}));
  scratch.only({});  // nothing is asked for again
  const auto again = get(glob);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->vmlinuz, package->vmlinuz);
  EXPECT_EQ(content(asked()), "-q download linux-image-6.1.0-56-cloud-amd64=6.1.192-2\n");
}

TEST_F(Deb, ThatStandsForAKernelIsThatKernel) {
  const auto package = get("linux-image-cloud-amd64");
  ASSERT_TRUE(package) << package.error().what;
  EXPECT_EQ(package->name, newest);
  scratch.only({});
  const auto again = get("linux-image-cloud-amd64");
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(content(again->vmlinuz), "bzImage\n");
}

TEST_F(Deb, UnknownToAptIsAnError) {
  const auto* wanted = "apt knows of no package linux-image-9*; is 'apt-get update' needed?";
  EXPECT_EQ(error("linux-image-9*"), wanted);
  scratch.program("apt-cache", "echo 'E: broken' >&2; exit 100\n");
  EXPECT_EQ(error("linux-image-9*"), std::string(wanted) + "; apt-cache says:\n  E: broken");
}

TEST_F(Deb, ThatCannotBeFetchedLeavesNothing) {
  scratch.program("apt-get", "echo >kernel.deb; echo 'E: no route' >&2; exit 100\n");
  EXPECT_EQ(error(glob),
            "linux-image-6.1.0-56-cloud-amd64 cannot be fetched; is 'apt-get update' needed?; env "
            "says:\n  E: no route");
  for (const auto& entry : fs::directory_iterator(cache() / "packages"))
    EXPECT_EQ(entry.path().filename(), "lock");
}

TEST_F(Deb, WithoutAKernelIsAnError) {
  scratch.program("dpkg-deb", "mkdir -p $3/usr\n");
  EXPECT_EQ(error(glob), "the package linux-image-6.1.0-56-cloud-amd64 holds no kernel");
}

TEST_F(Deb, NeedsApt) {
  scratch.only({});
  fs::remove(scratch.path() / "bin/apt-get");
  EXPECT_EQ(
      error(glob),
      "there is no apt-get to fetch a kernel's package with; unpack one yourself and give its "
      "vmlinuz: --kernel PATH/boot/vmlinuz-VERSION");
}

}  // namespace
}  // namespace faultline
