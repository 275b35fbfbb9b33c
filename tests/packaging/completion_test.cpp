// What the Tab key offers: packaging/completion.bash, asked by bash itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

using Words = std::vector<std::string>;

// Sets the variables that bash sets, calls the function, and prints what it offers.
constexpr auto ask = R"(
source "$1" && shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_faultline
printf '%s\n' "${COMPREPLY[@]}"
)";

// Of the last word. The first, the program, is added.
Words offered(Words typed) {
  Words argv{"bash", "-c", ask, "bash", FAULTLINE_SOURCE_DIR "/packaging/completion.bash",
             FAULTLINE_BINARY_DIR "/faultline"};
  argv.insert(argv.end(), typed.begin(), typed.end());
  Process process(argv, {});
  EXPECT_EQ(process.wait(), 0) << process.err;
  EXPECT_EQ(process.err, "");
  std::istringstream lines(process.out);
  Words words;
  for (std::string line; std::getline(lines, line);) words.push_back(line);
  return words;
}

bool offers(const Words& typed, const std::string& word) {
  return std::ranges::count(offered(typed), word) == 1;
}

TEST(Completion, Commands) {
  EXPECT_EQ(offered({"che"}), Words{"check-driver"});
  EXPECT_TRUE(offers({""}, "run"));
  EXPECT_EQ(offered({"kernel", ""}), (Words{"build", "list", "path"}));
  EXPECT_EQ(offered({"stack", "b"}), Words{"build"});
}

TEST(Completion, OptionsOfTheCommand) {
  EXPECT_EQ(offered({"run", "--verify"}), Words{"--verify-determinism"});
  EXPECT_EQ(offered({"tune", "--so"}), Words{"--solve"});
  EXPECT_EQ(offered({"--ver"}), Words{"--version"});
  EXPECT_TRUE(offers({"run", "-"}, "-j"));
  EXPECT_FALSE(offers({"list", "--"}, "--jobs"));
}

TEST(Completion, Cases) {
  EXPECT_EQ(offered({"run", "handshake/syn-lost-6"}), Words{"handshake/syn-lost-63s"});
  EXPECT_EQ(offered({"run", "--ipv4", "--exclude", "handshake/syn-lost-6"}),
            Words{"handshake/syn-lost-63s"});
  EXPECT_EQ(offered({"explain", "no/such"}), Words{""});
}

TEST(Completion, Kernels) {
  EXPECT_EQ(offered({"run", "--kernel", "h"}), Words{"host"});
  EXPECT_EQ(offered({"run", "--kernel", "=", "uml-6.12"}), Words{"uml-6.12"});
  EXPECT_EQ(offered({"run", "--kernel", "uml-6.1,ho"}), Words{"uml-6.1,host"});
  EXPECT_FALSE(offers({"kernel", "path", ""}, "host"));
  EXPECT_TRUE(offers({"kernel", "path", ""}, "uml-6.1"));
  EXPECT_FALSE(offers({"run", "--kernel", ""}, "PATH"));
}

TEST(Completion, Stacks) {
  EXPECT_EQ(offered({"run", "--stack", "gv"}), Words{"gvisor"});
  EXPECT_EQ(offered({"run", "--stack", "linux,lw"}), Words{"linux,lwip"});
  EXPECT_EQ(offered({"stack", "build", "lw"}), Words{"lwip"});
}

TEST(Completion, Formats) {
  EXPECT_TRUE(offers({"run", "--report", ""}, "junit"));
  EXPECT_TRUE(offers({"run", "--report", "="}, "text"));
  EXPECT_EQ(offered({"compare", "--report", "te"}), Words{"text"});
  EXPECT_EQ(offered({"tune", "--report", "ma"}), Words{"markdown"});
}

TEST(Completion, FilesWhereNothingElseIsMeant) {
  EXPECT_EQ(offered({"lint", "x"}), Words{""});
  EXPECT_EQ(offered({"run", "--out", "ha"}), Words{""});
}

}  // namespace
}  // namespace faultline::test
