// The formats of `faultline tune --report` by name. A new one is one file and one line in
// tune_formats.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/tune/report.hpp"

namespace faultline {

struct TuneFormat {
  std::string_view name;
  std::string (*write)(const TuneReport& report);
};

[[nodiscard]] std::span<const TuneFormat> tune_formats();

}  // namespace faultline
