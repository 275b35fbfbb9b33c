#include "harness/stack/applies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace faultline {
namespace {

bool lacks(const std::vector<std::string>& supported, const std::string& name) {
  return std::ranges::find(supported, name) == supported.end();
}

std::string full(const std::string& sysctl) {
  return sysctl.find('.') == sysctl.npos ? "net.ipv4." + sysctl : sysctl;
}

std::string lacking_sysctl(const Case& the_case, const Stack& stack, End end) {
  if (stack.has_sysctls) return {};
  for (const auto& [name, value] : the_case.setup(end).sysctl) {
    const auto equal = stack.sysctl.find(full(name));
    if (equal == stack.sysctl.end())
      return fmt::format("the case sets the {}'s {}, which {} does not have", to_string(end), name,
                         stack.name);
    if (equal->second != value)
      return fmt::format("the case sets the {}'s {} to {}; {} is as with {}", to_string(end), name,
                         value, stack.name, equal->second);
  }
  return {};
}

std::string lacking_call(const Case& the_case, const Stack& stack, End end) {
  const EndSetup& setup = the_case.setup(end);
  if (setup.listen && lacks(stack.calls, "listen")) return stack.name + " cannot listen";
  for (const auto& [option, value] : setup.options)
    if (lacks(stack.options, option))
      return fmt::format("{} has no option {}", stack.name, option);
  for (const Step& step : the_case.steps) {
    const auto* call = std::get_if<CallStep>(&step.what);
    if (!call || call->end != end) continue;
    if (call->call == Call::kill && stack.states == StateSource::driver &&
        stack.attach == Attach::kernel && the_case.looks_at_states())
      return fmt::format("nobody tells the states of {} once its driver is killed", stack.name);
    if (call->call == Call::kill && stack.attach == Attach::kernel) continue;
    if (call->call == Call::kill)
      return fmt::format("{} dies with its application", stack.name);
    if (lacks(stack.calls, std::string(to_string(call->call))))
      return fmt::format("{} has no call {}", stack.name, to_string(call->call));
    if (!call->option.empty() && lacks(stack.options, call->option))
      return fmt::format("{} has no option {}", stack.name, call->option);
  }
  return {};
}

// The models that the end under test is held to. What names no sender may be either's.
std::set<std::string> timers_of(const Case& the_case, End end) {
  std::set<std::string> timers;
  const auto add = [&](const std::string& timer, std::optional<End> owner) {
    if (!timer.empty() && owner.value_or(end) == end) timers.insert(timer);
  };
  for (const Step& step : the_case.steps)
    if (const auto* call = std::get_if<CallStep>(&step.what); call && call->takes)
      add(call->takes->timer, call->end);
  for (const Expectation& expectation : the_case.expectations) {
    if (const auto* gaps = std::get_if<GapsExpectation>(&expectation))
      add(gaps->timer, gaps->of.from);
    if (const auto* count = std::get_if<CountExpectation>(&expectation))
      add(count->timer, count->of.from);
    if (const auto* time = std::get_if<TimeExpectation>(&expectation)) add(time->is.timer, {});
  }
  return timers;
}

// What a promise that is a fixed time knows nothing of.
std::string timer_option(const Case& the_case, End end) {
  constexpr std::array options{"TCP_USER_TIMEOUT", "TCP_SYNCNT",    "TCP_LINGER2",
                               "TCP_KEEPIDLE",     "TCP_KEEPINTVL", "TCP_KEEPCNT",
                               "TCP_DEFER_ACCEPT"};
  const auto is_one = [&](const std::string& option) {
    return std::ranges::find(options, option) != options.end();
  };
  for (const auto& [option, value] : the_case.setup(end).options)
    if (is_one(option)) return option;
  for (const Step& step : the_case.steps) {
    const auto* call = std::get_if<CallStep>(&step.what);
    if (call && call->end == end && call->call == Call::setsockopt && is_one(call->option))
      return call->option;
  }
  return {};
}

std::string lacking_promise(const Case& the_case, const Stack& stack, End end) {
  if (!stack.ticks) return {};
  const auto timers = timers_of(the_case, end);
  if (const std::string option = timer_option(the_case, end); !timers.empty() && !option.empty())
    return fmt::format("{} promises nothing of the timer '{}' with {}", stack.name,
                       *timers.begin(), option);
  for (const std::string& timer : timers)
    if (!stack.promise(timer))
      return fmt::format("{} promises nothing of the timer '{}'", stack.name, timer);
  if (the_case.level == Level::documented && (timers.empty() || the_case.has_literals()))
    return fmt::format("it holds Linux to what Linux documents, and {} is another stack",
                       stack.name);
  return {};
}

}  // namespace

std::string needs_driver(const Case& the_case, End end) {
  const EndSetup& setup = the_case.setup(end);
  if (!setup.listen) return fmt::format("the {} is no listening service in it", to_string(end));
  if (!setup.options.empty())
    return fmt::format("it sets {} at the {}", setup.options.begin()->first, to_string(end));
  if (!setup.sysctl.empty())
    return fmt::format("it sets {} at the {}", setup.sysctl.begin()->first, to_string(end));
  for (const Step& step : the_case.steps) {
    const auto* call = std::get_if<CallStep>(&step.what);
    if (call && call->end == end && call->call != Call::accept)
      return fmt::format("its {} calls {}, which takes a driver", to_string(end),
                         to_string(call->call));
  }
  return {};
}

std::string unsupported_reason(const Case& the_case, const Stack& stack, End end) {
  if (stack.states == StateSource::none && the_case.looks_at_states())
    return fmt::format("nobody tells the states of {}", stack.name);
  for (const auto& lacking : {lacking_call, lacking_promise, lacking_sysctl})
    if (std::string why = lacking(the_case, stack, end); !why.empty()) return why;
  return {};
}

}  // namespace faultline
