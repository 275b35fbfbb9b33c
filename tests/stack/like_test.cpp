// A stack that is a variety of another.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>

#include "harness/stack/build.hpp"
#include "harness/stack/stack.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr auto base_toml = R"(name = "base"
title = "The base"
build = ["make", "{out}"]
start = ["{out}/base"]
attach = "tap"
[clock]
stamps = "CLOCK_MONOTONIC"
granule = "500ms"
early = "500ms"
[states]
source = "driver"
[supports]
families = ["ipv4", "ipv6"]
calls = ["connect"]
options = ["TCP_NODELAY"]
sysctls = false
[timers.time-wait]
ends = "120s"
)";

constexpr auto known_toml = R"([[known]]
case = "close/x"
outcome = "FAIL"
reason = "it does not"
spec = "RFC 9293 MUST-1"
)";

class Like : public testing::Test {
 protected:
  void SetUp() override {
    write("base/stack.toml", base_toml);
    write("base/known.toml", known_toml);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << text;
  }
  // The variety as it is read. REQUIRES: it can be.
  Stack variety(const std::string& toml) const {
    write("variety/stack.toml", toml);
    auto stack = read_stack(folder_ / "variety");
    EXPECT_TRUE(stack) << to_string(stack.error());
    return stack.value_or(Stack{});
  }
  std::string refused(const std::string& toml) const {
    write("variety/stack.toml", toml);
    const auto stack = read_stack(folder_ / "variety");
    return stack ? "accepted" : stack.error().what;
  }
  std::string output() const {
    return stack_output(*read_stack(folder_ / "variety"), "/c").value();
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("like-" + std::to_string(getpid()));
};

constexpr auto least = "name = \"variety\"\ntitle = \"A variety\"\nlike = \"base\"\n";

TEST_F(Like, HasWhateverItDoesNotSay) {
  const Stack stack = variety(least);
  EXPECT_EQ(stack.name, "variety");
  EXPECT_EQ(stack.title, "A variety");
  EXPECT_EQ(stack.folder, folder_ / "variety");
  EXPECT_EQ(stack.like, folder_ / "base");
  EXPECT_EQ(stack.start, std::vector<std::string>{"{out}/base"});
  EXPECT_EQ(stack.attach, Attach::tap);
  ASSERT_TRUE(stack.ticks);
  EXPECT_EQ(stack.states, StateSource::driver);
  EXPECT_EQ(stack.families.size(), 2);
  EXPECT_TRUE(stack.promise("time-wait"));
  ASSERT_EQ(stack.known.size(), 1);
  EXPECT_EQ(stack.known.front().case_id, "close/x");
}

TEST_F(Like, ReplacesATableAsAWhole) {
  const Stack stack =
      variety(std::string(least) +
              "start = [\"other\"]\n"
              "[clock]\nstamps = \"CLOCK_MONOTONIC\"\ngranule = \"wheel\"\nearly = "
              "\"0s\"\n"
              "[supports]\nfamilies = [\"ipv4\"]\ncalls = []\noptions = []\nsysctls "
              "= true\n[timers.fin-wait-2]\nends = \"20s\"\n");
  EXPECT_EQ(stack.start, std::vector<std::string>{"other"});
  EXPECT_FALSE(stack.ticks);
  EXPECT_EQ(stack.families, std::vector{Family::ipv4});
  EXPECT_TRUE(stack.calls.empty());
  EXPECT_TRUE(stack.has_sysctls);
  EXPECT_TRUE(stack.promise("fin-wait-2"));
  EXPECT_FALSE(stack.promise("time-wait"));
}

TEST_F(Like, ItsOwnKnownDeviationsComeOnTop) {
  std::string own = known_toml;
  own.replace(own.find("close/x"), 7, "close/y");
  write("variety/known.toml", own);
  const Stack stack = variety(least);
  ASSERT_EQ(stack.known.size(), 2);
  EXPECT_EQ(stack.known[1].case_id, "close/y");
}

TEST_F(Like, IsRefusedWhereItMakesNoSense) {
  EXPECT_EQ(refused("name = \"variety\"\ntitle = \"t\"\nlike = \"../base\"\n"),
            "expected the name of a folder beside this one");
  EXPECT_EQ(refused("name = \"variety\"\ntitle = \"t\"\nlike = \"variety\"\n"),
            "a stack that others are like is like no other");
  EXPECT_NE(refused("name = \"variety\"\ntitle = \"t\"\nlike = \"nothing\"\n"), "accepted");
  EXPECT_EQ(refused("name = \"variety\"\ntitle = \"t\"\n"), "'start' is missing");
}

TEST_F(Like, IsBuiltAgainWhenTheOtherChanges) {
  write("base/driver.c", "1");
  write("variety/defects/one.toml", "1");
  (void)variety(least);
  const std::string first = output();
  write("base/known.toml", "");
  EXPECT_EQ(output(), first);
  write("base/driver.c", "2");
  const std::string second = output();
  EXPECT_NE(second, first);
  write("variety/defects/one.toml", "2");
  EXPECT_NE(output(), second);
}

TEST(DefectiveStack, IsLwipButForItsBuild) {
  const fs::path stacks = fs::path(FAULTLINE_SOURCE_DIR) / "stacks";
  const auto lwip = read_stack(stacks / "lwip"), defective = read_stack(stacks / "defective");
  ASSERT_TRUE(lwip) << to_string(lwip.error());
  ASSERT_TRUE(defective) << to_string(defective.error());
  EXPECT_EQ(defective->known.size(), lwip->known.size());
  EXPECT_EQ(defective->promises.size(), lwip->promises.size());
  EXPECT_EQ(defective->build, lwip->build);  // "{stack}/build": each folder's own
  EXPECT_NE(defective->start, lwip->start);
}

TEST(FilledIn, HasTheEnvironment) {
  setenv("FAULTLINE_TEST_WORD", "x{out}", 1);
  unsetenv("FAULTLINE_TEST_NONE");
  EXPECT_EQ(filled_in({"A={env:FAULTLINE_TEST_WORD}", "B={env:FAULTLINE_TEST_NONE}.", "{env:"},
                      {.bin = "", .stack = "", .out = "/o"}),
            (std::vector<std::string>{"A=x{out}", "B=.", "{env:"}));
}

}  // namespace
}  // namespace faultline
