#include "tests/every_case_can_fail/runs.hpp"

#include <gtest/gtest.h>

#include "harness/run/patience.hpp"
#include "harness/run/runner.hpp"
#include "harness/trace/trace_json.hpp"
#include "harness/world/probe.hpp"

namespace faultline::test {
namespace {

const std::string programs = FAULTLINE_BINARY_DIR;

Ran ran(CaseResult result) {
  Ran one{std::move(result), nullptr};
  if (one.result.trace_file.empty()) return one;
  if (auto trace = load_trace(one.result.trace_file))
    one.trace = std::make_shared<Trace>(std::move(*trace));
  return one;
}

std::map<std::string, Ran> run(std::vector<Variant> variants,
                               const std::vector<KnownDeviation>& known,
                               const std::filesystem::path& folder) {
  std::map<std::string, Ran> all;
  boost::asio::io_context context{1};
  Runner runner(
      context, std::move(variants),
      {.program = programs + "/faultline",
       .driver = {programs + "/faultline-driver-linux"},
       .traces = folder,
       .known = {{"linux", known}},
       .rerun = [](const Variant& variant) { return variant.name(); }},
      {.on_start = [](const Variant&) {},
       .on_result = [&](const Variant& variant,
                        CaseResult result) { all[variant.name()] = ran(std::move(result)); },
       .on_done = [] {}});
  runner.start();
  context.run();
  EXPECT_EQ(runner.refusal(), "");
  return all;
}

}  // namespace

std::map<std::string, Ran> run_all(const std::vector<Case>& cases,
                                   const std::vector<KnownDeviation>& known,
                                   const std::filesystem::path& folder) {
  const Environment environment{.hz = kernel_hz()};
  std::vector<Variant> variants;
  for (const Case& one : cases)
    for (const Family family : one.families)
      variants.push_back(
          {&one, family, 1, predicted_length(one, environment), longest_length(one, environment)});
  return run(std::move(variants), known, folder);
}

}  // namespace faultline::test
