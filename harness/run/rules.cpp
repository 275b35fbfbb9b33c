#include "harness/run/rules.hpp"

#include <algorithm>

namespace faultline {

const std::vector<FaultKind>& known_faults() {
  static const std::vector<FaultKind> faults = [] {
    std::vector<FaultKind> all;
    for (const InjectorKind& kind : injector_kinds())
      all.push_back(
          {kind.name, kind.value_is_nth,
           [&kind](const nlohmann::json& value, const std::string& at) -> FieldResult<void> {
             auto made = kind.make(value, at);
             if (!made) return std::unexpected(made.error());
             return {};
           },
           kind.on_demand, kind.endurance_only, kind.refuse_ip, kind.rule_only, kind.step_only,
           kind.both_directions});
    return all;
  }();
  return faults;
}

namespace {

template <typename T>
size_t place_of(const std::vector<T>& list, const std::string& name) {
  return static_cast<size_t>(std::ranges::find(list, name, &T::name) - list.begin());
}

}  // namespace

Result<std::unique_ptr<Injector>> make_injector(const std::string& fault,
                                                const nlohmann::json& params, uint64_t seed) {
  const InjectorKind* kind = find_injector(fault);
  if (!kind) return fail("there is no injector '{}'", fault);
  auto injector = kind->make(params, "/" + fault);
  if (!injector) return fail("{}: {}", injector.error().at, injector.error().what);
  (*injector)->seed(seed);
  return std::move(*injector);
}

Result<std::vector<EngineRule>> make_rules(const Case& the_case, uint64_t seed) {
  std::vector<EngineRule> rules;
  for (const Rule& rule : the_case.rules) {
    auto injector = make_injector(rule.fault, rule.params, seed + rules.size());
    if (!injector) return fail("rule '{}': {}", rule.name, injector.error().what);
    EngineRule made{.match = rule.match, .injector = std::move(*injector)};
    if (!rule.after_rule.empty()) made.after_rule = place_of(the_case.rules, rule.after_rule);
    if (!rule.after_step.empty())
      made.after_step = static_cast<int>(place_of(the_case.steps, rule.after_step));
    made.lasting = rule.lasting;
    made.name = rule.name;
    rules.push_back(std::move(made));
  }
  return rules;
}

}  // namespace faultline
