#include "reports/merged.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace faultline {
namespace {

// What must be the same in all of them, in words. What no guest has told is the same as anything.
std::map<std::string, std::string> traits_of(const RunInfo& info) {
  const Asked& asked = info.asked;
  const auto list = [](const auto& words) { return fmt::format("{}", fmt::join(words, " ")); };
  std::map<std::string, std::string> traits{
      {"faultline", info.version},
      {"seed", fmt::format("{}", info.seed)},
      {"timing scale", fmt::format("{:g}", info.timing_scale)},
      {"virtual time", info.virtual_time ? "yes" : "no"},
      {"stacks", list(info.columns.empty() ? asked.stacks : info.columns)},
      {"suite", asked.suite},
      {"cases", list(asked.cases)},
      {"cases left out", list(asked.exclude)},
      {"variants", list(asked.only)},
      {"address family", asked.ipv4 == asked.ipv6 ? "both"
                         : asked.ipv4             ? "ipv4"
                                                  : "ipv6"},
      {"shards", fmt::format("{}", asked.shards)}};
  std::vector<std::string> sysctls;
  for (const auto& [name, value] : asked.sysctls) sysctls.push_back(name + "=" + value);
  traits["sysctls"] = list(sysctls);
  if (!info.kernel.empty()) traits["kernel"] = fmt::format("{}, {} Hz", info.kernel, info.hz);
  for (const KernelInfo& kernel : info.kernels)
    if (!kernel.release.empty())
      traits["kernel " + kernel.name] = fmt::format("{}, {} Hz", kernel.release, kernel.hz);
  return traits;
}

Result<void> check_same_run(const std::vector<NamedRecord>& records) {
  std::map<std::string, std::pair<std::string, std::string>> seen;  // the trait's value, the file
  for (const NamedRecord& record : records)
    for (const auto& [trait, value] : traits_of(record.run.info)) {
      const auto [place, is_new] = seen.emplace(trait, std::pair(value, record.name));
      if (!is_new && place->second.first != value)
        return fail("{} and {} are not of the same run; {}: '{}' and '{}'", place->second.second,
                    record.name, trait, place->second.first, value);
    }
  return {};
}

Result<void> check_shards(const std::vector<NamedRecord>& records) {
  std::map<size_t, std::string> seen;
  for (const NamedRecord& record : records) {
    const Asked& asked = record.run.info.asked;
    if (asked.shards == 1) continue;
    const auto [place, is_new] = seen.emplace(asked.shard, record.name);
    if (!is_new)
      return fail("{} and {} are both shard {}/{}", place->second, record.name, asked.shard,
                  asked.shards);
  }
  return {};
}

Result<void> check_results(const std::vector<NamedRecord>& records) {
  std::map<std::string, std::string> seen;
  for (const NamedRecord& record : records)
    for (const CaseResult& result : record.run.results) {
      const auto [place, is_new] = seen.emplace(result.variant(), record.name);
      if (!is_new)
        return fail("{} and {} both have a result of {}", place->second, record.name,
                    result.variant());
    }
  return {};
}

// What one of them knows and the other does not.
void add_kernel(RunInfo& info, const RunInfo& other) {
  if (info.kernel.empty()) std::tie(info.kernel, info.hz) = std::tie(other.kernel, other.hz);
  for (size_t i = 0; i < std::min(info.kernels.size(), other.kernels.size()); ++i)
    if (info.kernels[i].release.empty()) info.kernels[i] = other.kernels[i];
}

void add(RunRecord& all, RunRecord one) {
  RunInfo& info = all.info;
  add_kernel(info, one.info);
  info.wall = std::max(info.wall, one.info.wall);
  info.interrupted = info.interrupted || one.info.interrupted;
  info.machine_slow = info.machine_slow || one.info.machine_slow;
  if (info.folder != one.info.folder) info.folder.clear();
  if (!one.info.started.empty()) info.started = std::min(info.started, one.info.started);
  if (info.hostname.find(one.info.hostname) == std::string::npos)
    info.hostname += ", " + one.info.hostname;
  std::ranges::move(one.results, std::back_inserter(all.results));
}

std::vector<size_t> absent(const std::vector<NamedRecord>& records) {
  const RunInfo& first = records.front().run.info;
  if (records.size() == 1 && !first.absent_shards.empty()) return first.absent_shards;
  std::vector<size_t> numbers;
  for (size_t shard = 1; first.asked.shards > 1 && shard <= first.asked.shards; ++shard)
    if (std::ranges::none_of(records, [&](const NamedRecord& record) {
          return record.run.info.asked.shard == shard;
        }))
      numbers.push_back(shard);
  return numbers;
}

}  // namespace

void put_in_order(std::vector<CaseResult>& results) {
  std::ranges::stable_sort(results, {}, [](const CaseResult& result) {
    return std::tuple(result.case_id, result.stack, result.sut, result.family, result.repetition);
  });
}

Result<RunRecord> merged(std::vector<NamedRecord> records) {
  for (const auto check : {check_same_run, check_shards, check_results})
    if (const auto good = check(records); !good) return std::unexpected(good.error());
  auto without = absent(records);
  RunRecord all = std::move(records.front().run);
  for (size_t i = 1; i < records.size(); ++i) add(all, std::move(records[i].run));
  put_in_order(all.results);
  if (without.empty()) all.info.asked.shard = all.info.asked.shards = 1;
  all.info.absent_shards = std::move(without);
  return all;
}

}  // namespace faultline
