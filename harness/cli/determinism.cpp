#include "harness/cli/determinism.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "harness/cli/exit_code.hpp"
#include "harness/cli/tell.hpp"
#include "harness/trace/file.hpp"
#include "harness/trace/trace_json.hpp"

namespace faultline {
namespace {

constexpr auto second_folder = ".again";

}  // namespace

std::vector<std::string> play_again(const std::vector<Variant>& variants,
                                    const RunnerOptions& before,
                                    const GuestPool::Machine& machine) {
  std::vector<std::string> differing;
  RunnerOptions options = before;
  options.traces = before.traces / second_folder;
  boost::asio::io_context context(1);
  GuestPool pool(context, variants, options,
                 {.on_start = [](const Variant&) {},
                  .on_result =
                      [&](const Variant& variant, const CaseResult& result) {
                        if (result.outcome == Outcome::SKIP) return;
                        const auto was = read_file(trace_path(variant, before), trace_size_limit);
                        const auto is = read_file(trace_path(variant, options), trace_size_limit);
                        if (!was || !is || *was != *is) differing.push_back(variant.name());
                      },
                  .on_done = [] {}},
                 machine);
  pool.start();
  context.run();
  std::error_code ignored;
  if (differing.empty()) std::filesystem::remove_all(options.traces, ignored);
  return differing;
}

void tell_differences(const std::vector<std::string>& differing,
                      const std::filesystem::path& traces) {
  std::string names;
  for (const std::string& name : differing) names += "\n  " + name;
  complain(
      something_failed,
      fmt::format("{} of the traces are not the same the second time; compare {} with {}:{}",
                  differing.size(), traces.string(), (traces / second_folder).string(), names));
}

}  // namespace faultline
