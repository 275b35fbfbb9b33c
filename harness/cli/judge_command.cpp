// faultline judge: the verdict of a saved trace, on any machine.
#include <fmt/format.h>

#include "harness/case/reader.hpp"
#include "harness/case/same_run.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/outcome_code.hpp"
#include "harness/cli/stacks.hpp"
#include "harness/cli/tell.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/run/rules.hpp"
#include "harness/trace/trace_json.hpp"

namespace faultline {

namespace {

std::string stack_under_test(const Trace& trace) {
  const End end = end_from_string(trace.sut).value_or(End::client);
  return trace.environment.ends[index(end)].stack;
}

}  // namespace

int judge_command(const JudgeArguments& arguments) {
  const auto stacks = choose_stacks(arguments.stacks);
  if (!stacks) return stacks.error();
  const auto known = known_of(*stacks);
  Terminal terminal;
  TextStyle style = terminal.style();
  style.verbose = arguments.verbose;
  std::vector<CaseResult> results;
  for (const std::string& file : arguments.traces) {
    const auto trace = load_trace(file);
    if (!trace) return complain(bad_case_file, trace.error().what);
    const auto the_case =
        arguments.case_file.empty()
            ? read_case(trace->case_text, trace->case_file, trace->case_id, known_faults())
            : load_case(arguments.case_file, trace->case_id, known_faults());
    if (!the_case) return complain(bad_case_file, the_case.error());
    if (!arguments.case_file.empty())
      if (const auto where = difference_of_runs(trace->case_text, the_case->text); !where.empty())
        return complain(
            bad_case_file,
            fmt::format("{} does not fit {}: at {} it asks for another run than the one "
                        "that was recorded; only what is expected may differ",
                        arguments.case_file, file, where));
    const std::string stack = stack_under_test(*trace);
    const auto of_the_stack = known.find(stack);
    CaseResult result =
        judge(*the_case, *trace,
              of_the_stack == known.end() ? std::vector<KnownDeviation>{} : of_the_stack->second);
    result.stack = stack;
    result.at_either_end =
        the_case->about == About::both && to_string(the_case->about) != trace->sut;
    result.trace_file = file;
    result.rerun = fmt::format("faultline judge '{}'", file);
    if (!arguments.case_file.empty())
      result.rerun += fmt::format(" --case '{}'", arguments.case_file);
    terminal.print(text_result(result, style));
    results.push_back(std::move(result));
  }
  return exit_code_of(results);
}

}  // namespace faultline
