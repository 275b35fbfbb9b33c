// The complete record of a run, read back from what reports/json.hpp writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/result.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// A larger report is refused unread. A result takes some 3 kB.
inline constexpr size_t json_report_size_limit = size_t{256} << 20;

struct RunRecord {
  RunInfo info;
  std::vector<CaseResult> results;
};

// Strict: another version, a wrong type, an unknown or missing key, a number out of range are errors
// that name the place. Counts are not read, as they can be made again; of the baseline nothing is, as
// it is another's word.
[[nodiscard]] Result<RunRecord> read_json_report(std::string_view text);

}  // namespace faultline
