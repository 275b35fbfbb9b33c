#include "reports/baseline_file.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "harness/util/fields.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

FieldResult<Outcome> outcome_from(const nlohmann::json& value, const std::string& at) {
  const auto outcome =
      value.is_string() ? outcome_from_string(value.get<std::string>()) : std::nullopt;
  if (!outcome) return std::unexpected(FieldError{at, "expected an outcome: PASS, FAIL, XFAIL, …"});
  if (is_undecided(*outcome))
    return std::unexpected(FieldError{at, "no baseline can expect INCONCLUSIVE or ERROR"});
  return *outcome;
}

std::optional<FieldError> read_outcomes(const nlohmann::json& table, Baseline& baseline) {
  for (const auto& [name, value] : table.items()) {
    const std::string at = "/outcomes/" + name;
    if (!parse_variant_name(name) || without_repetition(name) != name)
      return FieldError{at, "that is no variant's name, as close/four-way[ipv4] is"};
    const auto outcome = outcome_from(value, at);
    if (!outcome) return outcome.error();
    baseline.outcomes.emplace(name, *outcome);
  }
  return {};
}

struct Parsed {
  nlohmann::json json;      // discarded where the text is no JSON
  std::string doubled_key;  // "" where no table has one twice
};

// A merge of two versions may leave a key twice; which of the two counted would be chance.
Parsed parse(std::string_view text) {
  using Event = nlohmann::json::parse_event_t;
  Parsed parsed;
  std::vector<std::set<std::string>> tables;
  const auto watch = [&](int, Event event, nlohmann::json& value) {
    if (event == Event::object_start) tables.emplace_back();
    if (event == Event::object_end) tables.pop_back();
    if (event == Event::key && !tables.back().insert(value.get<std::string>()).second)
      parsed.doubled_key = value.get<std::string>();
    return true;
  };
  parsed.json = nlohmann::json::parse(text, watch, false);
  return parsed;
}

}  // namespace

std::string baseline_text(const Baseline& baseline) {
  nlohmann::ordered_json json{{"faultline_baseline", 1},
                              {"outcomes", nlohmann::ordered_json::object()}};
  for (const auto& [name, outcome] : baseline.outcomes) json["outcomes"][name] = to_string(outcome);
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<Baseline> read_baseline(std::string_view text, const std::string& file) {
  const auto refused = [&](const std::string& why) {
    return fail("{}: {}", safe_text(file), safe_text(why));
  };
  const auto& [json, doubled_key] = parse(text);
  if (!json.is_object() || !json.contains("faultline_baseline"))
    return refused("not a baseline as --write-baseline writes it");
  if (!doubled_key.empty()) return refused(fmt::format("'{}' is there twice", doubled_key));
  if (json["faultline_baseline"] != 1) return refused("a baseline of another version");
  Baseline baseline{.file = file, .outcomes = {}};
  Fields fields(json, "");
  (void)fields.value("faultline_baseline");
  if (const auto* const table = fields.table("outcomes"); table) {
    if (auto wrong = read_outcomes(*table, baseline)) fields.refuse(std::move(*wrong));
  } else {
    fields.refuse("", "it has no outcomes");
  }
  if (const auto wrong = fields.finish(); wrong)
    return refused(fmt::format("{}: {}", wrong->at, wrong->what));
  return baseline;
}

}  // namespace faultline
