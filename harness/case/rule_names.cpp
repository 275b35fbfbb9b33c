#include "harness/case/rule_names.hpp"

#include <fmt/format.h>

#include "harness/case/document.hpp"

namespace faultline {

std::vector<std::string> rule_names(std::string_view case_text) {
  const auto document = Document::parse(case_text, "");
  if (!document) return {};
  std::vector<std::string> names;
  const nlohmann::json rules = document->root().value("rule", nlohmann::json::array());
  if (!rules.is_array()) return names;
  for (const nlohmann::json& rule : rules) {
    const bool named = rule.is_object() && rule.contains("name") && rule["name"].is_string();
    names.push_back(named ? rule["name"].get<std::string>() : usual_rule_name(names.size() + 1));
  }
  return names;
}

std::string usual_rule_name(size_t number) {
  return fmt::format("rule-{}", number);
}

}  // namespace faultline
