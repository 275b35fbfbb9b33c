#include "tests/every_case_can_fail/survivors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/every_case_can_fail/leaves.hpp"

namespace faultline::test {
namespace {

bool finds_it(const CaseResult& result, const Leaf& leaf) {
  return result.outcome == Outcome::FAIL &&
         std::ranges::any_of(result.findings, [&](const Finding& finding) {
           return finding.status == Finding::Status::broken && finding.line == leaf.line;
         });
}

}  // namespace

CaseResult judged_strictly(const Case& the_case, const Trace& trace) {
  Trace strict = trace;
  strict.sut = "both";
  std::erase_if(strict.events,
                [](const Event& event) { return std::holds_alternative<StallEvent>(event); });
  return judge(the_case, strict, {});
}

std::vector<std::string> survivors(const TracedRun& run, const Judge& judge) {
  std::vector<std::string> lines;
  const auto tell = [&](const Leaf& leaf, const std::string& what) {
    lines.push_back(fmt::format("{}:{}: {}: {}", run.the_case.file, leaf.line, leaf.name, what));
  };
  const auto leaves = leaves_of(run);
  if (leaves.empty()) lines.push_back(run.the_case.file + ": says nothing");
  for (const Leaf& leaf : leaves) {
    if (leaf.mutants.empty()) tell(leaf, "nothing can falsify it");
    for (const Mutant& mutant : leaf.mutants)
      if (const CaseResult result = judge(mutant.the_case, *mutant.trace); !finds_it(result, leaf))
        tell(leaf, fmt::format("still holds when falsified ({}): {} {}", mutant.what,
                               to_string(result.outcome), result.reason));
  }
  return lines;
}

}  // namespace faultline::test
