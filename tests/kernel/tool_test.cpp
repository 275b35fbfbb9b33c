#include "harness/kernel/tool.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

using test::content;
using test::Scratch;
using Lines = std::vector<std::string>;
using namespace std::chrono_literals;

struct Ran {
  Result<ToolEnd> end = {};
  Lines lines;
  Watcher watcher;
};

Ran run(const std::string& script) {
  Ran ran;
  ran.end = run_tool({"sh", "-c", script}, ran.watcher,
                     [&](std::string_view line) { ran.lines.emplace_back(line); });
  return ran;
}

// What is dead and not reaped has no command line either.
bool gone_soon(int pid) {
  const std::string file = "/proc/" + std::to_string(pid) + "/cmdline";
  for (int i = 0; i < 500 && !content(file).empty(); ++i) std::this_thread::sleep_for(10ms);
  return content(file).empty();
}

TEST(Tool, IsReadToItsEnd) {
  const Ran ran = run("echo one; echo bad >&2; echo two; exit 3");
  ASSERT_TRUE(ran.end);
  EXPECT_EQ(WEXITSTATUS(ran.end->status), 3);
  EXPECT_EQ(ran.lines, (Lines{"one", "two"}));
  EXPECT_EQ(ran.end->said, (Lines{"bad"}));
  EXPECT_EQ(ran.end->how, "ended with status 3");
  EXPECT_FALSE(ran.watcher.interrupted);
}

// Of two that come at once either may be first.
TEST(Tool, ItsLastWordsAreOfBothStreams) {
  const Ran ran = run("echo one; printf cut >&2; echo two; kill -SEGV $$");
  ASSERT_TRUE(ran.end);
  EXPECT_EQ(ran.end->how, "was killed by SIGSEGV");
  Lines sorted = ran.end->last_words;
  std::ranges::sort(sorted);
  EXPECT_EQ(sorted, (Lines{"cut", "one", "two"}));
}

TEST(Tool, HasNothingToRead) {
  EXPECT_EQ(run("cat; echo end").lines, (Lines{"end"}));
}

TEST(Tool, ThatIsNotThereIsAFailure) {
  Watcher nobody;
  const auto end = run_tool({"no-such-program"}, nobody, [](std::string_view) {});
  EXPECT_TRUE(!end || end->status != 0);
  EXPECT_TRUE(have_tool("sh"));
  EXPECT_FALSE(have_tool("no-such-program"));
}

// The signal comes from the tool itself: then it surely runs.
TEST(Tool, IsKilledWithAllItStartedWhereTheProgramIsInterrupted) {
  const Scratch scratch;
  const std::string file = (scratch.path() / "pid").string();
  for (const char* signal : {"INT", "TERM", "HUP"}) {
    const Ran ran = run("sleep 1000 & echo $! >" + file + "; kill -" + signal + " $PPID; wait");
    ASSERT_FALSE(ran.end);
    EXPECT_EQ(ran.end.error().what, "interrupted");
    EXPECT_TRUE(ran.watcher.interrupted);
    EXPECT_TRUE(gone_soon(std::stoi(content(file))));
  }
}

}  // namespace
}  // namespace faultline
