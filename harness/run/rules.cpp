#include "harness/run/rules.hpp"

#include <algorithm>

namespace faultline {

const std::vector<FaultKind>& known_faults() {
  static const std::vector<FaultKind> faults = [] {
    std::vector<FaultKind> all;
    for (const InjectorKind& kind : injector_kinds())
      all.push_back({kind.name, kind.value_is_nth,
                     [&kind](const nlohmann::json& value, const std::string& at)
                         -> FieldResult<void> {
                       auto made = kind.make(value, at);
                       if (!made) return std::unexpected(made.error());
                       return {};
                     }});
    return all;
  }();
  return faults;
}

Result<std::vector<EngineRule>> make_rules(const Case& the_case) {
  std::vector<EngineRule> rules;
  for (const Rule& rule : the_case.rules) {
    const auto kind = std::ranges::find(injector_kinds(), rule.fault, &InjectorKind::name);
    if (kind == injector_kinds().end()) return fail("there is no injector '{}'", rule.fault);
    auto injector = kind->make(rule.params, "/" + rule.fault);
    if (!injector) return fail("rule '{}': {}", rule.name, injector.error().what);
    rules.push_back({rule.match, std::move(*injector)});
  }
  return rules;
}

}  // namespace faultline
