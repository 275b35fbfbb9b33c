#include "reports/missing_parts.hpp"

#include <fmt/ranges.h>

namespace faultline {

std::vector<std::string> absent_shards(const RunInfo& info) {
  std::vector<std::string> all;
  for (const size_t shard : info.absent_shards)
    all.push_back(fmt::format("shard {}/{} is not there", shard, info.asked.shards));
  return all;
}

std::vector<std::string> missing_parts(const RunInfo& info) {
  std::vector<std::string> all = absent_shards(info);
  if (info.interrupted) all.insert(all.begin(), "the run was interrupted");
  return all;
}

std::string why_not_whole(const RunInfo& info) {
  return fmt::format("{}", fmt::join(missing_parts(info), "; "));
}

}  // namespace faultline
