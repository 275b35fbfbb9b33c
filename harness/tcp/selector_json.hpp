// Selectors as users write them in a case file (docs/case-format.md, "Selectors").
#pragma once

#include "harness/tcp/selector.hpp"
#include "harness/util/fields.hpp"

namespace faultline {

// Reads one selector. Refused: unknown keys, names and forms, and a selector that can never match
// (contradictory flags, an empty range, data on something that carries none).
[[nodiscard]] FieldResult<Selector> selector_from(const nlohmann::json& value,
                                                  const std::string& at);

// `nth` and `payload` take a number, "2-4", "5+", and a list of these.
[[nodiscard]] FieldResult<std::vector<Range>> ranges_from(const nlohmann::json& value,
                                                          const std::string& at);
// "SYN ACK", "none".
[[nodiscard]] FieldResult<Flags> flags_from(const nlohmann::json& value, const std::string& at);
// A single number or range.
[[nodiscard]] FieldResult<Range> range_from(const nlohmann::json& value, const std::string& at);

// The name of a state, or a list of names.
[[nodiscard]] FieldResult<std::vector<TcpState>> states_from(const nlohmann::json& value,
                                                             const std::string& at);

}  // namespace faultline
