#include "harness/kernel/deb_choice.hpp"

#include <gtest/gtest.h>

#include "harness/kernel/tool.hpp"

namespace faultline {
namespace {

using Names = std::vector<std::string>;

PackageRecord record(const std::string& name, const std::string& version) {
  return {.name = name, .version = version};
}

std::string chosen(const std::string& glob, const std::vector<PackageRecord>& records) {
  const auto found = newest_kernel(glob, records);
  return found ? found->name : found.error().what;
}

TEST(DebChoice, ReadsWhatAptShows) {
  const auto records = package_records(
      "Package: linux-image-amd64\nVersion: 6.1.192-2\nInstalled-Size: 13\n"
      "Depends: linux-image-6.1.0-56-amd64 (= 6.1.192-2)\nDescription: Linux\n Version: of no use\n"
      "\nPackage: linux-image-6.8.0-40-generic\nVersion: 6.8.0-40.40\nInstalled-Size: 14000\n"
      "Depends: kmod, linux-base (>= 4.5), linux-modules-6.8.0-40-generic\n");
  ASSERT_EQ(records.size(), 2);
  EXPECT_EQ(records[0], (PackageRecord{.name = "linux-image-amd64",
                                       .version = "6.1.192-2",
                                       .kernels = {"linux-image-6.1.0-56-amd64"},
                                       .unpacked = 13 << 10}));
  EXPECT_EQ(records[1], (PackageRecord{.name = "linux-image-6.8.0-40-generic",
                                       .version = "6.8.0-40.40",
                                       .modules = {"linux-modules-6.8.0-40-generic"},
                                       .unpacked = 14000 << 10}));
  EXPECT_TRUE(package_records("").empty());
}

TEST(DebChoice, MatchesWholeNumbers) {
  const char* glob = "linux-image-6.1*-cloud-amd64";
  EXPECT_TRUE(matches_package(glob, "linux-image-6.1.0-56-cloud-amd64"));
  EXPECT_TRUE(matches_package(glob, "linux-image-6.1-cloud-amd64"));
  EXPECT_FALSE(matches_package(glob, "linux-image-6.12.117+deb12-cloud-amd64"));
  EXPECT_FALSE(matches_package(glob, "linux-image-6.1.0-56-amd64"));
  EXPECT_FALSE(matches_package(glob, "linux-image-6.1.0-56-cloud-amd64-dbg"));
  EXPECT_TRUE(matches_package("linux-image-6.*-amd64", "linux-image-6.12.117-amd64"));
  EXPECT_TRUE(matches_package("*", "anything"));
  EXPECT_TRUE(matches_package("*", ""));
  EXPECT_TRUE(matches_package("6.?", "6.1"));
  EXPECT_FALSE(matches_package("6.1?", "6.12"));
  EXPECT_TRUE(matches_package("6.1?", "6.1."));
  EXPECT_FALSE(matches_package("6.1?", "6.1"));
  EXPECT_TRUE(matches_package("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(matches_package("a*b*c", "a-b-b"));
}

TEST(DebChoice, TakesTheNewestSignedKernel) {
  const std::vector<PackageRecord> records = {
      record("linux-image-6.1.0-9-amd64", "6.1.27-1"),
      record("linux-image-6.1.0-56-amd64-unsigned", "6.1.192-2"),
      record("linux-image-6.1.0-56-amd64", "6.1.192-2"),
      record("linux-image-6.1.0-57-amd64-dbg", "6.1.193-1"),
      {.name = "linux-image-6.1-amd64", .version = "9", .kernels = {"linux-image-6.1.0-56-amd64"}}};
  EXPECT_EQ(chosen("linux-image-6.1*", records), "linux-image-6.1.0-56-amd64");
  EXPECT_EQ(chosen("linux-image-6.1.0-9-amd64", records), "linux-image-6.1.0-9-amd64");
  EXPECT_EQ(chosen("linux-image-6.1-amd64", records), "linux-image-6.1-amd64");
  EXPECT_EQ(chosen("linux-image-6.1.0-57*", records), "there is no package linux-image-6.1.0-57*");
}

TEST(DebChoice, OrdersVersionsAsDpkgDoes) {
  const Names versions = {
      "6.1.192-2",  "6.1.9-2",   "6.12.117-1~deb12u1", "6.12.117-1",   "6.12.117",
      "6.12.117-0", "1:5.0-1",   "6.1~rc3-1",          "6.1-1",        "6.1.a-1",
      "6.1.+-1",    "6.1.0-1-1", "6.1.00-1-1",         "6.12.117-1a1", "6.12.117-1+b1",
      "6.12.117-10"};
  if (!have_tool("dpkg")) GTEST_SKIP() << "no dpkg to compare with";
  Watcher nobody;
  const auto says = [&](const std::string& a, const char* order, const std::string& b) {
    const auto end =
        run_tool({"dpkg", "--compare-versions", a, order, b}, nobody, [](std::string_view) {});
    return end && end->status == 0;
  };
  for (const auto& a : versions)
    for (const auto& b : versions)
      EXPECT_EQ(compare_versions(a, b) < 0, says(a, "lt", b)) << a << " " << b;
}

}  // namespace
}  // namespace faultline
