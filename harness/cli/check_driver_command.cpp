// faultline check-driver: a driver against docs/driver-protocol.md.
#include <fmt/format.h>

#include <cstdio>

#include "harness/check/check_driver.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/stacks.hpp"
#include "harness/cli/tell.hpp"
#include "harness/world/isolation.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

check::Subject subject_of(const ChosenStack& chosen) {
  const Stack& stack = chosen.stack;
  check::Subject subject{.attach = stack.attach,
                         .families = {},
                         .supports = {{}},
                         .monotonic = stack.monotonic,
                         .tells_states = stack.states == StateSource::driver};
  if (chosen.foreign) {
    subject.argv = chosen.foreign->start;
  } else {
    subject.argv = filled_in(
        stack.start, {.bin = this_program().parent_path(), .stack = stack.folder, .out = ""});
  }
  for (const Family family : stack.families) subject.families.emplace_back(to_string(family));
  subject.supports->insert(stack.calls.begin(), stack.calls.end());
  subject.supports->insert(stack.options.begin(), stack.options.end());
  return subject;
}

void print(const check::Finding& finding) {
  tell(stdout, safe_text(to_string(finding)) + "\n");
  std::fflush(stdout);
}

// In a process and network namespace of its own.
int check_isolated(const check::Subject& subject) {
  check::Findings findings(print);
  if (subject.attach == Attach::kernel) {
    if (const auto up = check::bring_loopback_up(); !up)
      return complain(internal_error, up.error().what);
  }
  check::check_driver(
      subject, [&] { return check::build_stage(subject); }, findings);
  fmt::print("{}\n", findings.summary());
  return findings.clean() ? all_as_expected : something_failed;
}

}  // namespace

int check_driver_command(const CheckDriverArguments& arguments) {
  if (arguments.stack.empty() == arguments.command.empty())
    return complain(usage_error, "check-driver takes either --stack or, after '--', a command");
  check::Subject subject{.argv = arguments.command, .supports = {}};
  if (!arguments.stack.empty()) {
    const auto chosen = choose_stacks({arguments.stack});
    if (!chosen) return chosen.error();
    subject = subject_of(chosen->front());
  }
  std::fflush(stdout);
  const auto code = run_isolated([&] {
    try {
      return check_isolated(subject);
    } catch (const std::exception& error) {
      return complain(internal_error, error.what());
    }
  });
  if (code) return *code;
  return complain(no_privilege, code.error().what);
}

}  // namespace faultline
