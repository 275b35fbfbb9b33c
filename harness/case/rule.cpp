// [[rule]]: a selector and one fault.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/case/reading.hpp"
#include "harness/tcp/selector_json.hpp"

namespace faultline {
namespace {

using nlohmann::json;

std::string fault_names(std::span<const FaultKind> faults) {
  std::vector<std::string_view> names;
  for (const FaultKind& kind : faults) names.emplace_back(kind.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<FieldError> set_fault(Rule& rule, const FaultKind& kind, const json& value,
                                    const std::string& at, bool nth_given) {
  rule.fault = kind.name;
  rule.params = value;
  if (!kind.value_is_nth) {
    const auto good = kind.check(value, at);
    return good ? std::nullopt : std::optional(good.error());
  }
  if (nth_given)
    return FieldError{at,
                      fmt::format("'{}' says which matches; match.nth says so already", kind.name)};
  auto nth = ranges_from(value, at);
  if (!nth) return nth.error();
  rule.match.nth = std::move(*nth);
  return {};
}

// after = { rule = NAME } or { step = NAME }.
void read_after(Fields& fields, Rule& rule, Reading& reading) {
  const auto* value = fields.value("after");
  if (!value) return;
  Fields inner(*value, fields.pointer("after"));
  const auto read = [&](const char* key, Mention::Of of, std::string& name) {
    const auto* given = inner.value(key);
    if (!given) return;
    name = inner.take(name_from(*given, inner.pointer(key))).value_or("");
    reading.mention(of, name, inner.pointer(key));
  };
  read("rule", Mention::Of::rule, rule.after_rule);
  read("step", Mention::Of::step, rule.after_step);
  if (inner.has("rule") == inner.has("step"))
    inner.refuse("", "write one of { rule = NAME } and { step = NAME }");
  if (rule.after_rule == rule.name) inner.refuse("rule", "a rule cannot come after itself");
  if (auto error = inner.finish()) fields.refuse(std::move(*error));
}

}  // namespace

FieldResult<Rule> rule_from(const json& value, const std::string& at, size_t number,
                            Reading& reading) {
  Fields fields(value, at);
  Rule rule{.name = name_or(fields, "name", fmt::format("rule-{}", number))};
  const auto* match = fields.value("match");
  if (match)
    if (auto selector = fields.take(reading.selector(*match, fields.pointer("match"))))
      rule.match = std::move(*selector);
  rule.optional = fields.boolean("optional").value_or(false);
  read_after(fields, rule, reading);
  rule.lasting = fields.duration("lasting");
  if (rule.lasting == 0ns) fields.refuse("lasting", "can never match: a rule lasts longer than 0s");
  // A rule that gives match.nth as "all" gave it as well.
  const bool nth_given = match && match->is_object() && match->contains("nth");
  for (const FaultKind& kind : reading.faults) {
    const auto* fault = fields.value(kind.name);
    if (!fault) continue;
    const std::string here = fields.pointer(kind.name);
    if (!rule.fault.empty())
      fields.refuse(FieldError{
          here,
          fmt::format("'{}' and '{}' in one rule: a rule has one fault", rule.fault, kind.name),
          true});
    else if (auto error = set_fault(rule, kind, *fault, here, nth_given))
      fields.refuse(std::move(*error));
  }
  if (auto error = finish(fields, {"match"})) return std::unexpected(*error);
  if (rule.fault.empty())
    return refuse(at, "a rule needs a fault: one of " + fault_names(reading.faults));
  return rule;
}

}  // namespace faultline
