// Pieces that several pages have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/html/site.hpp"

namespace faultline {

// "<span class="badge fail">FAIL</span>"
[[nodiscard]] std::string badge(Outcome outcome);

// One entry of a list of facts; nothing where there is no value.
[[nodiscard]] std::string fact(std::string_view name, std::string_view value);

// "0.52 s", "24:00:00.120": how long a case took.
[[nodiscard]] std::string took_text(Nanos took);

// How many of each outcome there are, as a bar; and each as a link to its page. `some` are indices
// of results.
[[nodiscard]] std::string outcome_bar(const Site& site, const std::vector<size_t>& some);
[[nodiscard]] std::string outcome_links(const Site& site, const std::vector<size_t>& some,
                                        std::string_view root);

// A list of results, one a line: outcome, variant, reason, time. At most so many.
[[nodiscard]] std::string result_list(const Site& site, const std::vector<size_t>& some,
                                      std::string_view root, size_t most = SIZE_MAX);

// The matrix case × stack × kernel × family of these results, by topic.
[[nodiscard]] std::string matrix_table(const Site& site, const std::vector<size_t>& some,
                                       std::string_view root);

}  // namespace faultline
