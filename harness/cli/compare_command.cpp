// faultline compare: what differs between two runs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/cli/commands.hpp"
#include "harness/cli/compare_runs.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/tell.hpp"
#include "harness/cli/terminal.hpp"
#include "reports/compare_json.hpp"
#include "reports/compare_text.hpp"

namespace faultline {
namespace {

std::set<std::string> columns_of(const ComparedSide& side) {
  std::set<std::string> columns;
  for (const ComparedRun& run : side.runs) columns.insert(run.identity.column);
  return columns;
}

Result<void> keep(ComparedSide& side, const std::string& column) {
  const auto columns = columns_of(side);
  if (!columns.contains(column))
    return fail("{} holds nothing of {}; there is {}", side.name, column, fmt::join(columns, ", "));
  std::erase_if(side.runs, [&](const ComparedRun& run) { return run.identity.column != column; });
  std::erase_if(side.setups, [&](const auto& setup) { return setup.first != column; });
  side.name += " " + column;
  return {};
}

// One column of either: as asked for, or the only one, or the other's. Where both have several, all
// of them, each beside its own: true.
Result<bool> choose_columns(ComparedSide& a, ComparedSide& b,
                            const std::vector<std::string>& asked) {
  if (asked.size() > 2) return fail("--stack takes one for both runs, or one for each");
  if (!asked.empty()) {
    if (const auto done = keep(a, asked.front()); !done) return std::unexpected(done.error());
    if (const auto done = keep(b, asked.back()); !done) return std::unexpected(done.error());
    return false;
  }
  const auto in_a = columns_of(a), in_b = columns_of(b);
  if (in_a.size() == 1 && in_b.size() == 1) return false;
  std::vector<std::string> common;
  std::ranges::set_intersection(in_a, in_b, std::back_inserter(common));
  if (!common.empty()) return true;
  return fail("{} holds {}, {} holds {}: say with --stack A,B which are to be compared", a.name,
              fmt::join(in_a, ", "), b.name, fmt::join(in_b, ", "));
}

Result<void> write(const std::vector<FormatAndFile>& targets, const Comparison& comparison,
                   bool verbose) {
  Terminal terminal;
  TextStyle style = terminal.style();
  style.verbose = verbose;
  const auto on_stdout = [](const FormatAndFile& target) { return target.file.empty(); };
  if (std::ranges::none_of(targets, on_stdout)) terminal.print(compare_text(comparison, style));
  for (const FormatAndFile& target : targets) {
    const TextStyle plain{.verbose = verbose};
    const bool text = target.format == "text";
    const auto done =
        write_text(target, text ? compare_text(comparison, target.file.empty() ? style : plain)
                                : compare_json(comparison));
    if (!done) return done;
  }
  return {};
}

}  // namespace

int compare_command(const CompareArguments& arguments) {
  const std::array<std::string, 2> formats{"text", "json"};
  const auto targets = formats_and_files(arguments.reports, formats);
  if (!targets) return complain(usage_error, targets.error().what);
  std::optional<Tolerance> tolerance;
  if (!arguments.tolerance.empty()) {
    const auto length = parse_duration(arguments.tolerance);
    if (!length)
      return complain(usage_error, fmt::format("--tolerance {}: write a duration, 10ms or 1.5s",
                                               arguments.tolerance));
    tolerance.emplace(*length);
  }
  auto a = read_run(arguments.a, arguments.cases);
  if (!a) return complain(bad_case_file, a.error().what);
  auto b = read_run(arguments.b, arguments.cases);
  if (!b) return complain(bad_case_file, b.error().what);
  for (const auto* side : {&*a, &*b})
    if (side->runs.empty())
      return complain(nothing_selected, fmt::format("{} has none of the named cases", side->name));
  const auto same_column = choose_columns(*a, *b, arguments.stacks);
  if (!same_column) return complain(usage_error, same_column.error().what);
  const Comparison comparison = compare(std::move(*a), std::move(*b), *same_column, tolerance);
  if (comparison.pairs.empty())
    return complain(nothing_selected, "the two runs have no case in common");
  const bool verbose = arguments.verbose || !arguments.cases.empty();
  if (const auto done = write(*targets, comparison, verbose); !done)
    return complain(internal_error, done.error().what);
  return comparison.differs() ? something_failed : all_as_expected;
}

}  // namespace faultline
