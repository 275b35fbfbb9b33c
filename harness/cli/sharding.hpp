// --shard, and how test runners ask for the same (GTEST_TOTAL_SHARDS, GTEST_SHARD_INDEX).
#pragma once

#include "harness/cli/plan.hpp"
#include "harness/run/shard.hpp"

namespace faultline {

// What `asked` says ("2/4"), else what the environment says, where the first shard is 0; the file
// that GTEST_SHARD_STATUS_FILE names is touched.
[[nodiscard]] Result<Shard> chosen_shard(const std::string& asked);

// What of the plan is this shard's. The costs are those at a fixed HZ, so that machines agree on
// who runs what.
void keep_shard(Plan& plan, const Shard& shard, bool virtual_time,
                const std::map<std::string, std::string>& overrides);

}  // namespace faultline
