// A baseline as a file: JSON, sorted, one variant a line, so that a change of it is a readable
// diff.
//   {
//     "faultline_baseline": 1,
//     "outcomes": {
//       "close/four-way[ipv4]": "PASS",
//       …
// Nothing in it depends on the machine, the kernel's release, the time or the seed.
#pragma once

#include <string>
#include <string_view>

#include "harness/judge/baseline.hpp"
#include "harness/util/error.hpp"

namespace faultline {

[[nodiscard]] std::string baseline_text(const Baseline& baseline);

// Strict: another version, a name that is no variant's, an outcome that no baseline can hold.
// `file` is how errors call it.
[[nodiscard]] Result<Baseline> read_baseline(std::string_view text, const std::string& file);

}  // namespace faultline
