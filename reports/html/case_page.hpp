// The page about one result.
#pragma once

#include <string>

#include "harness/trace/trace.hpp"
#include "harness/util/error.hpp"
#include "reports/html/site.hpp"

namespace faultline {

// First what came of it and why, then the picture, then everything that it was made from. Where
// there is no trace the page says so in the picture's place.
[[nodiscard]] std::string case_page(const Site& site, size_t result, const Result<Trace>& trace);

}  // namespace faultline
