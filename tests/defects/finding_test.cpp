// The suite finds bugs: each defect of stacks/defective makes cases fail that pass without it.
//
// A defect's description names cases that find it; each of them must, and they are all that is run.
// With FAULTLINE_ALL_CASES set the whole suite is run on each, and the table that is printed has
// every case that finds it.
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/process.hpp"
#include "tests/defects/defects.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string program = std::string(FAULTLINE_BINARY_DIR) + "/faultline";

struct Ran {
  int code = -1;
  std::string said;
  std::map<std::string, std::string> outcomes;  // by variant
  std::map<std::string, std::string> case_of;   // a variant's
};

// These cases on the stack with this defect; with "" on the sound one. None: all cases.
Ran run(const std::string& defect, const std::vector<std::string>& cases) {
  const fs::path folder = fs::path(testing::TempDir()) / fmt::format("defects-{}", getpid());
  fs::create_directories(folder);
  std::vector<std::string> argv{program,   "run",       "--kernel",        "uml-6.12",
                                "--stack", "defective", "--seed",          "7",
                                "--ipv4",  "--report",  "json=report.json"};
  argv.insert(argv.end(), cases.begin(), cases.end());
  Process process(argv, {.folder = folder, .env = {{"FAULTLINE_DEFECT", defect}}});
  Ran ran{
      .code = process.wait(std::chrono::minutes(20)), .said = {}, .outcomes = {}, .case_of = {}};
  ran.said = process.out + process.err;
  std::ifstream file(folder / "report.json");
  const json report = json::parse(file, nullptr, false);
  if (report.is_object())
    for (const json& result : report.at("results")) {
      ran.outcomes[result.at("variant")] = result.at("outcome");
      ran.case_of[result.at("variant")] = result.at("case");
    }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return ran;
}

bool all_cases() {
  return getenv("FAULTLINE_ALL_CASES") != nullptr;
}

// Without a defect, once for all.
const Ran& sound() {
  static const Ran ran = [] {
    std::set<std::string> named;
    for (const Defect& defect : all_defects())
      named.insert(defect.cases.begin(), defect.cases.end());
    return run("",
               all_cases() ? std::vector<std::string>{} : std::vector(named.begin(), named.end()));
  }();
  return ran;
}

// The cases of which a variant fails that passes without the defect.
std::set<std::string> cases_that_find(const Ran& defective) {
  std::set<std::string> found;
  for (const auto& [variant, outcome] : defective.outcomes) {
    const auto without = sound().outcomes.find(variant);
    if (outcome == "FAIL" && without != sound().outcomes.end() && without->second == "PASS")
      found.insert(defective.case_of.at(variant));
  }
  return found;
}

bool uml_is_built() {
  Process process({program, "kernel", "path", "uml-6.12"}, {});
  return process.wait() == 0;
}

class Defects : public testing::TestWithParam<Defect> {};

TEST_P(Defects, AreFound) {
  static const bool built = uml_is_built();
  if (!built) GTEST_SKIP() << "uml-6.12 is not built";
  ASSERT_FALSE(sound().outcomes.empty()) << sound().said;
  const Defect& defect = GetParam();
  const Ran ran = run(defect.name, all_cases() ? std::vector<std::string>{} : defect.cases);
  const auto found = cases_that_find(ran);
  fmt::print("  {:30} {}\n", defect.name, fmt::join(found, ", "));
  EXPECT_FALSE(found.empty()) << ran.said;
  for (const std::string& one : defect.cases)
    EXPECT_TRUE(found.contains(one)) << one << " did not find it:\n" << ran.said;
}

std::string test_name(const testing::TestParamInfo<Defect>& info) {
  std::string name = info.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Suite, Defects, testing::ValuesIn(all_defects()), test_name);

// Otherwise a name that is misspelt would look like a defect that nothing finds.
TEST(DefectiveStack, KnowsNoOtherDefect) {
  if (!uml_is_built()) GTEST_SKIP() << "uml-6.12 is not built";
  const Ran ran = run("no-such-defect", {"handshake/three-way"});
  EXPECT_EQ(ran.code, 2) << ran.said;
  EXPECT_NE(ran.said.find("there is no defect 'no-such-defect'"), std::string::npos) << ran.said;
}

}  // namespace
}  // namespace faultline::test
