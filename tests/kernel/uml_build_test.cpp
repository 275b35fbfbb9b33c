#include "harness/kernel/uml_build.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using test::content;
using test::Scratch;
using Lines = std::vector<std::string>;

// The recipe is a script of ours that makes a "kernel" of what it was told, and counts its calls.
constexpr auto good_recipe = R"(
echo call >>"$(dirname "$0")/calls"
echo "progress 1 2"; echo nonsense; echo "progress x"; echo "progress 2 2"
mkdir -p "$2"; echo "$(cat "$1") $3" >"$2/linux"
)";
const KernelName uml{.kind = KernelName::Kind::uml, .source = "6.12"};

class UmlBuild : public testing::Test {
 protected:
  UmlBuild() {
    recipe(good_recipe);
    scratch_.write("recipe/config", "CONFIG_NET=y\n");
    scratch_.write("usr/linux-source-6.12.tar.xz", "source");
    package_version("6.12.1-1");
  }
  void recipe(const std::string& script) const { scratch_.write("recipe/build", script); }
  void package_version(const std::string& version) const {
    scratch_.program("dpkg-query", "echo " + version);
  }
  Result<fs::path> build(const KernelName& name = uml) {
    Watcher watcher{.say = [this](const std::string& what) { said_.push_back(what); },
                    .count =
                        [this](size_t done, size_t of) {
                          counted_.push_back(std::to_string(done) + "/" + std::to_string(of));
                        }};
    auto built = build_uml(name, places_, watcher);
    interrupted_ = watcher.interrupted;
    return built;
  }
  std::string why_not() {
    const auto built = build();
    return built ? "built" : built.error().what;
  }
  [[nodiscard]] size_t calls() const {
    return content(scratch_.path() / "recipe/calls").size() / std::string("call\n").size();
  }
  // Beside the lock: kernels, work folders, logs.
  [[nodiscard]] size_t files_in_cache() const {
    const fs::directory_iterator files(scratch_.path() / "cache/kernels");
    return static_cast<size_t>(std::distance(begin(files), end(files))) - 1;
  }

  Scratch scratch_;
  UmlPlaces places_{.recipe = scratch_.path() / "recipe",
                    .cache = scratch_.path() / "cache",
                    .installed = scratch_.path() / "usr"};
  Lines said_, counted_;
  bool interrupted_ = false;
};

TEST_F(UmlBuild, IsDoneOnceAndLeavesNothingBesideTheKernel) {
  EXPECT_FALSE(*uml_path(uml, places_));
  const auto built = build();
  ASSERT_TRUE(built) << built.error().what;
  EXPECT_EQ(content(*built), "source 250\n");
  EXPECT_EQ(said_, (Lines{"building " + built->filename().string()}));
  EXPECT_EQ(counted_, (Lines{"1/2", "2/2"}));
  EXPECT_EQ(files_in_cache(), 1U);
  EXPECT_EQ(**uml_path(uml, places_), *built);
  EXPECT_EQ(*build(), *built);
  EXPECT_EQ(calls(), 1U);
}

TEST_F(UmlBuild, IsNamedAfterAllThatItDependsOn) {
  const std::string hash = *recipe_hash(places_.recipe);
  EXPECT_EQ(build()->filename(), "uml-6.12@250_6.12.1-1_" + hash);
  KernelName other = uml;
  other.hz = 1000;
  EXPECT_EQ(build(other)->filename(), "uml-6.12@1000_6.12.1-1_" + hash);
  package_version("6.12.2-1");
  EXPECT_EQ(build()->filename(), "uml-6.12@250_6.12.2-1_" + hash);
  recipe(std::string(good_recipe) + "true\n");
  EXPECT_EQ(build()->filename(), "uml-6.12@250_6.12.2-1_" + *recipe_hash(places_.recipe));
  EXPECT_EQ(calls(), 4U);
  EXPECT_EQ(files_in_cache(), 4U);
}

TEST_F(UmlBuild, IsOfAnotherRecipeWhereMoreThanItsCommentsChanged) {
  const std::string hash = *recipe_hash(places_.recipe);
  scratch_.write("recipe/config", "# What is needed.\n\nCONFIG_NET=y\n");
  recipe("\n# Counts.\n" + std::string(good_recipe));
  EXPECT_EQ(*recipe_hash(places_.recipe), hash);
  scratch_.write("recipe/config", "CONFIG_NET=y\n# CONFIG_WLAN is not set\n");
  EXPECT_NE(*recipe_hash(places_.recipe), hash);
}

// The second `./run` may be on a machine without network or source package.
TEST_F(UmlBuild, IsFoundWithoutItsSource) {
  const auto built = build();
  ASSERT_TRUE(built);
  fs::remove_all(places_.installed);
  scratch_.program("apt-get", "exit 1");
  EXPECT_EQ(**uml_path(uml, places_), *built);
  EXPECT_EQ(*build(), *built);
}

TEST_F(UmlBuild, ThatFailsShowsTheEndOfItsLogAndKeepsIt) {
  recipe("mkdir -p $2; echo half >$2/linux; seq 100 >$2/log; echo 'it broke' >&2; exit 1");
  const std::string why = why_not();
  const std::string log = (scratch_.path() / "cache/kernels/uml-6.12@250_6.12.1-1_").string() +
                          *recipe_hash(places_.recipe) + ".log";
  EXPECT_TRUE(
      why.starts_with("the kernel could not be built: it broke\nThe end of its log:\n  86\n"))
      << why;
  EXPECT_TRUE(why.ends_with("\n  100\nAll of it is in " + log)) << why;
  EXPECT_EQ(files_in_cache(), 1U) << "the log";
  EXPECT_FALSE(*uml_path(uml, places_));
}

TEST_F(UmlBuild, ThatIsInterruptedLeavesNothing) {
  recipe("mkdir -p $2; echo half >$2/linux; kill -INT $PPID; sleep 1000");
  EXPECT_EQ(why_not(), "interrupted");
  EXPECT_TRUE(interrupted_);
  EXPECT_EQ(files_in_cache(), 0U);
  EXPECT_FALSE(*uml_path(uml, places_));
}

TEST_F(UmlBuild, NamesEveryToolThatIsMissing) {
  scratch_.only({"gcc", "ld", "make", "tar", "bash", "setsid"});
  EXPECT_EQ(why_not(),
            "to build a kernel, flex, bison, bc, xz are missing:\n"
            "  apt-get install flex bison bc xz-utils");
  scratch_.only({"flex", "bison", "bc"});
  scratch_.program("xz", "");
  fs::remove(scratch_.path() / "bin/gcc");
  EXPECT_EQ(why_not(), "to build a kernel, gcc is missing:\n  apt-get install gcc");
}

TEST_F(UmlBuild, SaysWhatAptSaysWhereThereIsNoSource) {
  fs::remove_all(places_.installed);
  scratch_.program("apt-get", "echo 'E: Unable to locate package' $3 >&2; exit 100");
  EXPECT_EQ(why_not(),
            "the package linux-source-6.12 cannot be fetched; is 'apt-get update' needed? apt-get "
            "says:\n  E: Unable to locate package linux-source-6.12");
  EXPECT_EQ(files_in_cache(), 0U);
}

TEST_F(UmlBuild, FetchesTheSourceOnceAndKeepsIt) {
  fs::remove_all(places_.installed);
  scratch_.program("apt-get", "echo package >linux-source-6.12_6.12.3-1_all.deb");
  scratch_.program("dpkg-deb", "mkdir -p $3/usr/src; cat $2 >$3/usr/src/linux-source-6.12.tar.xz");
  const auto built = build();
  ASSERT_TRUE(built) << built.error().what;
  EXPECT_EQ(built->filename(), "uml-6.12@250_6.12.3-1_" + *recipe_hash(places_.recipe));
  EXPECT_EQ(content(*built), "package 250\n");
  EXPECT_EQ(said_.front(), "fetching linux-source-6.12");
  scratch_.program("apt-get", "exit 1");
  KernelName other = uml;
  other.hz = 100;
  EXPECT_TRUE(build(other));
}

TEST_F(UmlBuild, IsDoneOnceWhereTwoWantIt) {
  recipe("sleep 0.3\n" + std::string(good_recipe));
  std::atomic<int> waiting = 0, built = 0;
  const auto one = [&] {
    Watcher watcher{.say = [&](const std::string& what) { waiting += what.starts_with("waiting"); },
                    .count = [](size_t, size_t) {}};
    built += build_uml(uml, places_, watcher).has_value();
  };
  std::thread first(one), second(one);
  first.join();
  second.join();
  EXPECT_EQ(built, 2);
  EXPECT_EQ(waiting, 1);
  EXPECT_EQ(calls(), 1U);
}

TEST_F(UmlBuild, SaysWhereTheCacheCannotBe) {
  places_.cache = scratch_.write("file", "") / "x";
  EXPECT_NE(why_not().find("FAULTLINE_CACHE names another"), std::string::npos);
}

}  // namespace
}  // namespace faultline
