#include "harness/cli/sharding.hpp"

#include <fcntl.h>

#include <cstdlib>

#include "harness/kernel/kernel_name.hpp"
#include "harness/run/patience.hpp"
#include "harness/run/shares.hpp"
#include "harness/util/environment.hpp"
#include "harness/util/fd.hpp"

namespace faultline {
namespace {

constexpr Nanos of_what_is_not_run = 1ms;

Result<void> touch_status_file() {
  const std::string file = environment_variable("GTEST_SHARD_STATUS_FILE");
  if (file.empty()) return {};
  const Fd touched(open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!touched) return fail_errno("GTEST_SHARD_STATUS_FILE {}", file);
  return {};
}

Result<Shard> shard_of_environment() {
  const std::string total = environment_variable("GTEST_TOTAL_SHARDS"),
                    index = environment_variable("GTEST_SHARD_INDEX");
  if (total.empty() && index.empty()) return Shard{};
  char* end = nullptr;
  const unsigned long from_zero = std::strtoul(index.c_str(), &end, 10);
  const bool number = !index.empty() && *end == '\0' && index.front() != '-';
  const auto shard = parse_shard(number ? fmt::format("{}/{}", from_zero + 1, total) : "");
  if (!shard)
    return fail(
        "GTEST_SHARD_INDEX={} of GTEST_TOTAL_SHARDS={}: the index goes from 0 to the total "
        "less one",
        index, total);
  return shard;
}

Nanos cost_of(Variant variant, bool virtual_time,
              const std::map<std::string, std::string>& overrides) {
  variant.predicted =
      predicted_length(*variant.the_case, {.hz = KernelName::default_hz, .overrides = overrides});
  const Nanos busy = predicted_cost(variant);
  return virtual_time ? busy : busy + variant.predicted;
}

// Those of `all` whose number, from `at` on, is the shard's.
template <typename T>
std::vector<T> kept(std::vector<T> all, const std::vector<size_t>& numbers, size_t at,
                    size_t shard) {
  std::vector<T> result;
  for (T& one : all)
    if (numbers[at++] == shard) result.push_back(std::move(one));
  return result;
}

}  // namespace

Result<Shard> chosen_shard(const std::string& asked) {
  if (const auto touched = touch_status_file(); !touched) return std::unexpected(touched.error());
  if (asked.empty()) return shard_of_environment();
  auto shard = parse_shard(asked);
  if (!shard) return fail("--{}", shard.error().what);
  return shard;
}

void keep_shard(Plan& plan, const Shard& shard, bool virtual_time,
                const std::map<std::string, std::string>& overrides) {
  std::vector<Nanos> costs;
  for (const Variant& variant : plan.variants)
    costs.push_back(cost_of(variant, virtual_time, overrides));
  costs.resize(costs.size() + plan.not_run.size(), of_what_is_not_run);
  const auto numbers = shard_numbers(costs, shard.of);
  const size_t run = plan.variants.size();
  plan.variants = kept(std::move(plan.variants), numbers, 0, shard.index);
  plan.not_run = kept(std::move(plan.not_run), numbers, run, shard.index);
}

}  // namespace faultline
