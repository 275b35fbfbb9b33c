#include "harness/gtest/suite.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <set>

#include "harness/cli/run_command.hpp"
#include "harness/cli/tell.hpp"
#include "harness/gtest/batch.hpp"
#include "harness/gtest/names.hpp"
#include "reports/safe_text.hpp"
#include "reports/text.hpp"

namespace faultline {
namespace {

// Suite, test and the variant behind them, for those that are still to be chosen from.
using Tests = std::map<std::string, std::string>;

std::vector<std::string> chosen(const Tests& tests) {
  std::vector<std::string> variants;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *all.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      const testing::TestInfo& test = *suite.GetTestInfo(j);
      const auto found = tests.find(fmt::format("{}.{}", suite.name(), test.name()));
      if (test.should_run() && found != tests.end()) variants.push_back(found->second);
    }
  }
  return variants;
}

// Set up once an iteration, before the first test.
class RunChosen : public testing::Environment {
 public:
  RunChosen(std::shared_ptr<Batch> batch, Tests tests)
      : batch_(std::move(batch)), tests_(std::move(tests)) {}
  void SetUp() override {
    // Nobody who has interrupted an iteration waits for the next.
    if (batch_->was_interrupted()) std::exit(interrupted);
    const int code = batch_->run(chosen(tests_));
    if (code != all_as_expected) FAIL() << "nothing could be run: standard error says why";
  }

 private:
  std::shared_ptr<Batch> batch_;
  Tests tests_;
};

std::string message(const CaseResult& result) {
  return fmt::format("{} {}\n{}", to_string(result.outcome), safe_text(result.variant()),
                     text_story(result));
}

class CaseTest : public testing::Test {
 public:
  CaseTest(std::shared_ptr<const Batch> batch, PlannedVariant variant)
      : batch_(std::move(batch)), variant_(std::move(variant)) {}
  void TestBody() override {
    const CaseResult* const result = batch_->result_of(variant_.name);
    if (!result) {
      ADD_FAILURE_AT(variant_.file.c_str(), 1)
          << variant_.name << " has no result"
          << (batch_->was_interrupted() ? ": the run was interrupted" : "");
      return;
    }
    RecordProperty("seed", std::to_string(batch_->seed()));
    record(*result);
    say(*result);
  }

 private:
  static void record(const CaseResult& result) {
    RecordProperty("variant", safe_text(result.variant()));
    RecordProperty("outcome", std::string(to_string(result.outcome)));
    RecordProperty("took_ns", std::to_string(result.took.count()));
    if (!result.reason.empty()) RecordProperty("reason", safe_text(result.reason));
    if (!result.trace_file.empty()) RecordProperty("trace", safe_text(result.trace_file));
  }

  static void say(const CaseResult& result) {
    switch (result.outcome) {
      case Outcome::PASS:
      case Outcome::XFAIL:
        return;
      case Outcome::SKIP:
      case Outcome::UNSUPPORTED:
        GTEST_SKIP() << to_string(result.outcome) << ": " << safe_text(result.reason);
      case Outcome::FAIL:
      case Outcome::XPASS:
      case Outcome::INCONCLUSIVE:
      case Outcome::ERROR:
        ADD_FAILURE_AT(result.file.c_str(), std::max(result.line, 1)) << without_orders(message(result));
    }
  }

  std::shared_ptr<const Batch> batch_;
  PlannedVariant variant_;
};

}  // namespace

std::expected<std::shared_ptr<const Batch>, int> register_suite(const RunArguments& arguments) {
  RunCommand command(arguments, Shard{});
  command.show_nothing();
  for (const auto step : {&RunCommand::prepare, &RunCommand::plan})
    if (const auto done = (command.*step)(); !done) return std::unexpected(done.error());
  const auto batch = std::make_shared<Batch>(arguments);
  Tests tests;
  std::set<std::string> taken;
  for (const PlannedVariant& variant : command.planned()) {
    const TestName name = test_name(variant.name, taken);
    tests[name.suite + "." + name.test] = variant.name;
    testing::RegisterTest(name.suite.c_str(), name.test.c_str(), nullptr, nullptr,
                          variant.file.c_str(), 1,
                          [=]() -> CaseTest* { return new CaseTest(batch, variant); });
  }
  // GoogleTest takes it over.
  testing::AddGlobalTestEnvironment(new RunChosen(batch, std::move(tests)));
  return batch;
}

}  // namespace faultline
