// What a run lacks that is not whole. Its results are not all there are: it has not passed,
// whatever they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

// "shard 2/3 is not there", of a merged run.
[[nodiscard]] std::vector<std::string> absent_shards(const RunInfo& info);

// These, and before them "the run was interrupted". Empty: it is whole.
[[nodiscard]] std::vector<std::string> missing_parts(const RunInfo& info);

// What stands for them in the formats whose readers count tests: one test that has not passed.
inline constexpr std::string_view whole_run_test = "the whole run";

// Its reason, "the run was interrupted; shard 2/3 is not there"; "" where there is no such test.
[[nodiscard]] std::string why_not_whole(const RunInfo& info);

}  // namespace faultline
