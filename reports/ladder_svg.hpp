// A ladder as SVG. Every colour and font comes from classes of the pages' stylesheet
// (reports/html/style.cpp): servers forbid styles within a page.
#pragma once

#include <string>

#include "reports/ladder.hpp"

namespace faultline {

// One <svg> element. Marks link to "#finding-1" and so on, and are themselves "#seen-1".
[[nodiscard]] std::string ladder_svg(const Ladder& ladder, const CaseResult& result);

}  // namespace faultline
