#include "harness/tune/requirement.hpp"

#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "harness/tune/behaviours.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

using Relation = Requirement::Relation;

// The longer ones first: "<=" begins with "<".
constexpr std::array<std::pair<std::string_view, Relation>, 4> relations{
    {{"<=", Relation::at_most},
     {">=", Relation::at_least},
     {"<", Relation::below},
     {">", Relation::above}}};

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view to_string(Relation relation) {
  for (const auto& [text, known] : relations)
    if (known == relation) return text;
  return "?";
}

bool is_met(Relation relation, Nanos time, Nanos limit) {
  switch (relation) {
    case Relation::at_most:
      return time <= limit;
    case Relation::below:
      return time < limit;
    case Relation::at_least:
      return time >= limit;
    case Relation::above:
      return time > limit;
  }
  return false;
}

}  // namespace

std::string to_string(const Requirement& requirement) {
  return fmt::format("{} {} {}", requirement.behaviour, to_string(requirement.relation),
                     format_duration(requirement.limit));
}

Result<Requirement> parse_requirement(std::string_view text) {
  const size_t at = text.find_first_of("<>");
  if (at == std::string_view::npos)
    return fail("'{}' is no requirement; write one like 'connect <= 30s', with <=, <, >= or >",
                text);
  Requirement requirement{.behaviour = std::string(trimmed(text.substr(0, at)))};
  std::string_view rest = text.substr(at);
  for (const auto& [word, relation] : relations) {
    if (!rest.starts_with(word)) continue;
    requirement.relation = relation;
    rest = trimmed(rest.substr(word.size()));
    break;
  }
  if (!find_behaviour(requirement.behaviour))
    return fail("'{}': there is no behaviour '{}'{}; there are {}", text, requirement.behaviour,
                did_you_mean(requirement.behaviour, behaviour_names()),
                fmt::join(behaviour_names(), ", "));
  const auto limit = parse_duration(rest);
  if (!limit)
    return fail("'{}': '{}' is not a duration; write one like 30s, 200ms or 2min", text, rest);
  requirement.limit = *limit;
  return requirement;
}

Holds holds(const Requirement& requirement, Bounds time) {
  const bool low = is_met(requirement.relation, time.low, requirement.limit);
  const bool high = is_met(requirement.relation, time.high, requirement.limit);
  if (low && high) return Holds::always;
  return low || high ? Holds::sometimes : Holds::no;
}

}  // namespace faultline
