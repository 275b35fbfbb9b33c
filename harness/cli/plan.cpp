#include "harness/cli/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/overrides.hpp"
#include "harness/run/patience.hpp"
#include "harness/stack/applies.hpp"

namespace faultline {
namespace {

// A machine across the network has one address, and so one family.
bool is_reached(const ChosenStack& stack, Family family) {
  return !stack.foreign || !stack.foreign->remote || stack.stack.families.front() == family;
}

std::vector<Family> families_of(const Case& the_case, const RunArguments& arguments,
                                const ChosenStack& stack) {
  std::vector<Family> families;
  for (const Family family : the_case.families) {
    if (!is_reached(stack, family)) continue;
    const bool asked = family == Family::ipv4 ? arguments.ipv4 : arguments.ipv6;
    if (asked || arguments.ipv4 == arguments.ipv6) families.push_back(family);
  }
  return families;
}

// Where the stack under test stands. Two of the reference's stack stand at both ends at once.
std::vector<End> ends_of(const Case& the_case, const ChosenStack& stack) {
  if (the_case.about == About::client) return {End::client};
  if (the_case.about == About::server) return {End::server};
  if (stack.foreign) return {End::client, End::server};
  return {End::client};
}

void add_variants(Variant variant, const Stack& stack, int repeat, const RunnerOptions& options,
                  Plan& plan) {
  const Case& the_case = *variant.the_case;
  if (const std::string skip = skip_reason(the_case, options.overrides); !skip.empty())
    return plan.not_run.push_back(skip_result(variant, options, skip));
  std::string why = unsupported_reason(the_case, stack, variant.at);
  if (std::ranges::find(stack.families, variant.family) == stack.families.end())
    why = fmt::format("{} has no {}", stack.name, to_string(variant.family));
  if (const auto* foreign = variant.stack;
      foreign && foreign->remote && why.empty() && foreign->remote->driver_port == 0)
    why = needs_driver(the_case, variant.at);
  if (!why.empty()) return plan.not_run.push_back(unsupported_result(variant, options, why));
  for (variant.repetition = 1; variant.repetition <= repeat; ++variant.repetition)
    plan.variants.push_back(variant);
}

// A stack of user space may wake for its ticks all the time: lwIP four times a second, which makes
// a virtual day half a minute.
constexpr Nanos longest_in_user_space = 2h;

Nanos longest_ordinary(const ChosenStack& stack, Nanos of_the_kernel) {
  const bool in_user_space = stack.foreign && stack.foreign->attach != Attach::kernel;
  return in_user_space ? std::min(of_the_kernel, longest_in_user_space) : of_the_kernel;
}

}  // namespace

Plan plan_variants(const std::vector<Case>& cases, const std::vector<ChosenStack>& stacks,
                   const RunArguments& arguments, const RunnerOptions& options,
                   const PlanSetting& setting) {
  const Environment environment{.hz = setting.hz, .overrides = options.overrides};
  Plan plan;
  for (const Case& the_case : cases) {
    const Nanos predicted = predicted_length(the_case, environment);
    const Nanos longest = longest_length(the_case, environment);
    bool left_out = false;
    for (const ChosenStack& stack : stacks) {
      if (predicted > longest_ordinary(stack, setting.longest_ordinary) &&
          !arguments.selection.slow) {
        left_out = true;
        continue;
      }
      for (const Family family : families_of(the_case, arguments, stack))
        for (const End end : ends_of(the_case, stack))
          add_variants({.the_case = &the_case,
                        .family = family,
                        .predicted = predicted,
                        .longest = longest,
                        .stack = stack.foreign ? &*stack.foreign : nullptr,
                        .at = end},
                       stack.stack, arguments.repeat, options, plan);
    }
    if (left_out) plan.left_out.push_back(the_case.id);
  }
  return plan;
}

}  // namespace faultline
