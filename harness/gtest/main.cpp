// The suite as a GoogleTest program: gtest's flags, and beside them those of `faultline run`, also
// from $FAULTLINE_OPTIONS.
#include <gtest/gtest.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "harness/cli/app.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/tell.hpp"
#include "harness/gtest/option_words.hpp"
#include "harness/gtest/suite.hpp"
#include "harness/util/environment.hpp"
#include "harness/util/fd.hpp"
#include "reports/safe_text.hpp"

namespace {

using faultline::RunArguments;

// Runs start this very program for their workers and guests.
bool is_started_by_a_run(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  return first == "worker" || first == "guest";
}

faultline::Result<std::vector<std::string>> words(int argc, char** argv) {
  auto all = faultline::option_words(faultline::environment_variable("FAULTLINE_OPTIONS"));
  if (!all) return faultline::fail("FAULTLINE_OPTIONS: {}", all.error().what);
  all->insert(all->end(), argv + 1, argv + argc);
  std::ranges::reverse(*all);  // as CLI11 wants them
  return all;
}

bool asks_for_what_gtest_does(const RunArguments& run) {
  return !run.reports.empty() || !run.shard.empty() || !run.baseline.empty() ||
         !run.write_baseline.empty() || !run.rerun_failed.empty() || run.fail_fast ||
         run.verify_determinism || run.verbose;
}

// CTest starts a process for each test, many at once: each has a folder of its own then.
void keep_apart(RunArguments& run) {
  const std::string filter = GTEST_FLAG_GET(filter);
  const bool is_one_test = filter.find_first_of("*?:-/") == filter.npos && !filter.empty();
  if (is_one_test && run.out == RunArguments().out) run.out += "/" + filter;
}

// What stacks say while they are built must not be taken for the list of tests.
auto register_quietly(const RunArguments& run) {
  std::fflush(stdout);
  const faultline::Fd stdout_before(dup(STDOUT_FILENO));
  dup2(STDERR_FILENO, STDOUT_FILENO);
  auto batch = faultline::register_suite(run);
  std::fflush(stdout);
  dup2(stdout_before.get(), STDOUT_FILENO);
  return batch;
}

// No test failed where none was run; a shard may be empty all the same.
bool nothing_was_chosen() {
  return !GTEST_FLAG_GET(list_tests) &&
         faultline::environment_variable("GTEST_TOTAL_SHARDS").empty() &&
         testing::UnitTest::GetInstance()->test_to_run_count() == 0;
}

int run_suite(int argc, char** argv) {
  // Of --gtest_repeat each iteration runs the cases again, not only their tests.
  GTEST_FLAG_SET(recreate_environments_when_repeating, true);
  testing::InitGoogleTest(&argc, argv);
  CLI::App app("The suite as GoogleTest tests. The flags of --gtest_… come first in --help.",
               "faultline_gtest");
  RunArguments run;
  faultline::add_run_options(app, run);
  auto given = words(argc, argv);
  if (!given) {
    faultline::tell(stderr, "faultline_gtest: " + faultline::safe_lines(given.error().what) + "\n");
    return faultline::usage_error;
  }
  try {
    app.parse(std::move(*given));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? faultline::all_as_expected : faultline::usage_error;
  }
  if (asks_for_what_gtest_does(run)) {
    std::fputs(
        "faultline_gtest: reports, shards, what stops a run and what failed before are "
        "GoogleTest's affair here (--gtest_output, GTEST_TOTAL_SHARDS, --gtest_fail_fast …), "
        "baselines those of 'faultline run'\n",
        stderr);
    return faultline::usage_error;
  }
  keep_apart(run);
  const auto batch = register_quietly(run);
  if (!batch) return batch.error();
  const int code = RUN_ALL_TESTS();
  if ((*batch)->was_interrupted()) return faultline::interrupted;
  if (!nothing_was_chosen()) return code;
  faultline::tell(stderr, "faultline_gtest: the filter leaves no test to run\n");
  return faultline::nothing_selected;
}

}  // namespace

int main(int argc, char** argv) {
  if (is_started_by_a_run(argc, argv)) return faultline::run_app(argc, argv);
  try {
    return run_suite(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "faultline_gtest: internal error: %s\n", error.what());
    return faultline::internal_error;
  }
}
