// What a result is called: "close/four-way[ipv4,lwip,server]#2".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/case/case.hpp"

namespace faultline {

// "handshake/syn-lost-63s[ipv4]", from the second repetition on "…#2". `column` and `end` are "" where
// they go without saying: the reference's stack, and the only end that the case is about.
[[nodiscard]] std::string variant_name(const std::string& case_id, Family family,
                                       std::string_view column, std::string_view end,
                                       int repetition);

struct VariantName {
  std::string case_id;
  Family family = Family::ipv4;
  std::string column, end;  // as above
  int repetition = 1;
};

// The parts of such a name; nothing where it is none.
[[nodiscard]] std::optional<VariantName> parse_variant_name(std::string_view name);

// Without its repetition: what all of them have in common.
[[nodiscard]] std::string without_repetition(std::string name);

}  // namespace faultline
