// No case of the suite is hollow: each of its statements, made wrong, is found broken in a real run
// of it, and without its faults it does not pass.
//
// All cases are run once, side by side, both as they are and without faults. Cases marked `slow`
// are left out unless FAULTLINE_SLOW is set: they take hours.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "harness/case/reader.hpp"
#include "harness/stack/known.hpp"
#include "harness/run/rules.hpp"
#include "tests/every_case_can_fail/runs.hpp"
#include "tests/every_case_can_fail/survivors.hpp"
#include "tests/every_case_can_fail/without_faults.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

const fs::path sources = FAULTLINE_SOURCE_DIR;

// The cases as they are, and those that have faults without them.
struct Subjects {
  std::vector<Case> whole, faultless;
  std::vector<std::string> errors;

  void add(std::vector<Case> cases) {
    for (Case& one : cases) {
      if (one.slow && !getenv("FAULTLINE_SLOW")) continue;
      add_faultless(one);
      whole.push_back(std::move(one));
    }
  }
  void add_faultless(const Case& one) {
    auto text = without_faults(one.text);
    if (text && text->empty()) return;
    auto read = text ? read_case(*text, one.file, faultless_id(one.id), known_faults())
                     : std::unexpected(CaseError{.file = one.file, .what = text.error().what});
    if (read)
      faultless.push_back(std::move(*read));
    else
      errors.push_back(to_string(read.error()));
  }
  static std::string faultless_id(const std::string& id) { return id + "/without-faults"; }

  [[nodiscard]] const Case* find(const std::string& id) const {
    for (const auto* list : {&whole, &faultless})
      if (const auto found = std::ranges::find(*list, id, &Case::id); found != list->end())
        return &*found;
    return nullptr;
  }
};

Subjects read_subjects() {
  Subjects all;
  for (const char* folder : {"cases", "tests/every_case_can_fail/toys"}) {
    Suite suite = load_suite(sources / folder, known_faults());
    for (const CaseError& error : suite.errors) all.errors.push_back(to_string(error));
    all.add(std::move(suite.cases));
  }
  return all;
}

const Subjects& subjects() {
  static const Subjects all = read_subjects();
  return all;
}

std::vector<std::string> ids(bool toys) {
  std::vector<std::string> all;
  for (const Case& one : subjects().whole)
    if (one.id.starts_with("toy-") == toys) all.push_back(one.id);
  return all;
}

bool met(const CaseResult& result) {
  return result.outcome == Outcome::PASS || result.outcome == Outcome::XFAIL;
}

// All of them run, once for all tests.
class SuiteRun {
 public:
  SuiteRun() {
    fs::create_directories(folder_);
    auto known = read_known(sources / "stacks/linux/known.toml");
    if (!known) {
      ADD_FAILURE() << known.error().what;
      return;
    }
    std::vector<Case> all = subjects().whole;
    all.insert(all.end(), subjects().faultless.begin(), subjects().faultless.end());
    ran_ = run_all(all, *known, folder_);
    for (auto& [name, one] : run_all(to_be_run_again(), *known, folder_))
      ran_[name] = std::move(one);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  const Ran& of(const std::string& id, Family family) {
    return ran_[fmt::format("{}[{}]", id, to_string(family))];
  }

 private:
  // Another test may have had the processors.
  std::vector<Case> to_be_run_again() {
    std::vector<Case> again;
    std::ranges::copy_if(subjects().whole, std::back_inserter(again), [&](const Case& one) {
      return std::ranges::any_of(one.families,
                                 [&](Family family) { return !met(of(one.id, family).result); });
    });
    return again;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / fmt::format("every-case-{}", getpid());
  std::map<std::string, Ran> ran_;
};

const Ran& ran(const std::string& id, Family family) {
  static SuiteRun suite;
  return suite.of(id, family);
}

class EveryCase : public testing::TestWithParam<std::string> {};

// What a judge does not find wrong, a line each, in the runs of all families.
std::vector<std::string> survivors_of(const Case& the_case, const Ran& ran) {
  if (!met(ran.result) || !ran.trace)
    return {fmt::format("{}: nothing is shown by a run that is {}: {}", ran.result.variant(),
                        to_string(ran.result.outcome), ran.result.reason)};
  return survivors({the_case, ran.trace});
}

// Nothing of a run without faults may meet the case, whoever is to blame.
bool passes(const Case& the_case, const Ran& ran) {
  return !ran.trace || judged_strictly(the_case, *ran.trace).outcome != Outcome::FAIL;
}

TEST_P(EveryCase, FailsWhenAnyOfItsStatementsIsFalse) {
  const Case& the_case = *subjects().find(GetParam());
  for (const Family family : the_case.families) {
    const Ran& whole = ran(the_case.id, family);
    if (whole.result.outcome == Outcome::UNSUPPORTED) GTEST_SKIP() << whole.result.reason;
    const auto lines = survivors_of(the_case, whole);
    EXPECT_TRUE(lines.empty()) << fmt::format("{}", fmt::join(lines, "\n"));
  }
}

TEST_P(EveryCase, DoesNotPassWithoutItsFaults) {
  const Case* faultless = subjects().find(Subjects::faultless_id(GetParam()));
  if (!faultless) GTEST_SKIP() << "it has no faults";
  const Ran& without = ran(faultless->id, faultless->families.front());
  if (without.result.outcome == Outcome::UNSUPPORTED) GTEST_SKIP() << without.result.reason;
  EXPECT_FALSE(passes(*faultless, without))
      << to_string(without.result.outcome) << " " << without.result.reason;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Suite, EveryCase, testing::ValuesIn(ids(false)), test_name);

// The same, of cases that are hollow on purpose.
TEST(HollowCase, IsFound) {
  EXPECT_EQ(ids(true).size(), 2);
  const Case& unused = *subjects().find("toy-rule-without-effect");
  EXPECT_TRUE(survivors_of(unused, ran(unused.id, Family::ipv4)).empty());
  const Case& faultless = *subjects().find(Subjects::faultless_id(unused.id));
  EXPECT_TRUE(passes(faultless, ran(faultless.id, Family::ipv4)));
  const Case& empty = *subjects().find("toy-says-nothing");
  EXPECT_EQ(survivors_of(empty, ran(empty.id, Family::ipv4)).size(), 3);
}

TEST(EveryCaseFile, CanBeRead) {
  EXPECT_TRUE(subjects().errors.empty()) << fmt::format("{}", fmt::join(subjects().errors, "\n"));
  EXPECT_GE(ids(false).size(), 60);
}

}  // namespace
}  // namespace faultline::test
