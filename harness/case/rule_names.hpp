// The names of a case's rules, for who has a trace and not the injectors that a `Case` is read
// with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultline {

// "lose-fins", "rule-2": as `Case::rules` has them, in their order. None of a text that is no TOML.
[[nodiscard]] std::vector<std::string> rule_names(std::string_view case_text);

// Of the rule number `number`, from 1, where the case gives it none.
[[nodiscard]] std::string usual_rule_name(size_t number);

}  // namespace faultline
