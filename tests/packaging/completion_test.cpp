// What the Tab key offers: packaging/completion.bash, asked by bash itself.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
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
Words offered(Words typed, const std::string& folder = "") {
  Words argv{"bash", "-c", ask, "bash", FAULTLINE_SOURCE_DIR "/packaging/completion.bash",
             FAULTLINE_BINARY_DIR "/faultline"};
  argv.insert(argv.end(), typed.begin(), typed.end());
  Process process(argv, {.folder = folder});
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
  for (const char* option : {"--out", "--shard", "--jobs", "--seed", "--baseline", "--sysctl"})
    EXPECT_EQ(offered({"run", option, "ha"}), Words{""}) << option;
  EXPECT_EQ(offered({"run", "--slow", "handshake/syn-lost-6"}), Words{"handshake/syn-lost-63s"});
}

// As bash splits them: "--report json=ha", "--report=json=ha".
TEST(Completion, OfAReportItsFile) {
  for (const char* command : {"run", "merge", "tune"})
    for (const Words& file : {Words{"="}, Words{"=", "ha"}}) {
      Words apart{command, "--report", "json"}, joined{command, "--report", "=", "json"};
      for (Words* typed : {&apart, &joined}) {
        typed->insert(typed->end(), file.begin(), file.end());
        EXPECT_EQ(offered(*typed), Words{""}) << command;
      }
    }
  EXPECT_EQ(offered({"run", "--report", "=", "js"}), Words{"json"});
  EXPECT_EQ(offered({"run", "--report", "json", "=", "x", "handshake/syn-lost-6"}),
            Words{"handshake/syn-lost-63s"});
}

// A suite whose files are named to do harm.
class HostileNames : public testing::Test {
 protected:
  HostileNames() {
    std::string name = testing::TempDir() + "/names-XXXXXX";
    if (!mkdtemp(name.data())) throw std::runtime_error("no folder " + name);
    folder_ = name;
    std::filesystem::create_directories(folder_ / "suite/topic");
    for (const char* file : {"$(touch hit)", "`touch hit`", "a b", "*", "it's", "plain"})
      std::filesystem::copy_file(FAULTLINE_SOURCE_DIR "/tests/cli/cases/refused.toml",
                                 folder_ / "suite/topic" / (std::string(file) + ".toml"));
  }
  ~HostileNames() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(HostileNames, AreOfferedInQuotesAndNotExpanded) {
  const auto cases = [this](const std::string& begin) {
    return offered({"run", "--suite", folder_ / "suite", begin}, folder_);
  };
  EXPECT_EQ(cases("topic/"),
            (Words{R"(topic/\$\(touch\ hit\))", R"(topic/\*)", R"(topic/\`touch\ hit\`)",
                   R"(topic/a\ b)", R"(topic/it\'s)", "topic/plain"}));
  EXPECT_EQ(cases(R"(topic/a\ )"), Words{R"(topic/a\ b)"});
  EXPECT_EQ(offered({"run", "--suite", "=", folder_ / "suite", "topic/p"}), Words{"topic/plain"});
  EXPECT_EQ(cases("$(touch hit)"), Words{""});
  EXPECT_EQ(offered({"run", "--kernel", "$(touch hit),ho"}, folder_),
            Words{"$(touch hit),host"}) << "what was typed stays as it is";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "hit"));
}

}  // namespace
}  // namespace faultline::test
