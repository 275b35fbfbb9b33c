// A run's record from a file.
#pragma once

#include <string>

#include "reports/json_reader.hpp"

namespace faultline {

// What a run leaves in its folder beside the traces: its JSON report.
inline constexpr std::string_view results_file = "results.json";

// A JSON report, or the folder of a run. Errors name the file.
[[nodiscard]] Result<RunRecord> read_record(const std::string& path);

}  // namespace faultline
