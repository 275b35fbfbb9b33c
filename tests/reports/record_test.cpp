// Records are read as they were written, and nothing else is; several are made one.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/baseline_file.hpp"
#include "reports/json.hpp"
#include "reports/json_reader.hpp"
#include "reports/merged.hpp"
#include "reports/text.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

using nlohmann::json;

RunInfo asked_info() {
  RunInfo info = sample_info();
  info.kernel_name = "host";
  info.machine_slow = true;
  info.timing_scale = 4;
  info.columns = {"linux", "lwip"};
  info.asked = {.suite = "s",
                .cases = {"close/*"},
                .exclude = {"x"},
                .only = {"close/a[ipv4]"},
                .ipv6 = true,
                .left_out = {"close/slow"},
                .kernels = {"host"},
                .stacks = {"linux", "./stacks/lwip/"},
                .sysctls = {{"net.ipv4.a", "1"}},
                .shard = 2,
                .shards = 3};
  info.slow_left_out = 1;
  return info;
}

std::string error_of(const json& report) {
  const auto read = read_json_report(report.dump());
  return read ? "" : read.error().what;
}

TEST(Record, IsReadAsItWasWritten) {
  std::vector<CaseResult> results = one_of_each();
  results[0].repetition = 3;
  results[1].at_either_end = true;
  results[2].stack = "lwip";
  RunInfo several = asked_info();
  several.kernels = {{"host", "6.18.0", 250, false}, {"uml-6.12", "", 250, true}};
  several.columns = {"linux@host", "linux@uml-6.12", "lwip@host", "lwip@uml-6.12"};
  std::vector<CaseResult> of_several = results;
  for (CaseResult& result : of_several) result.kernel = "uml-6.12";
  for (const auto& [info, all] :
       {std::pair(sample_info(), results), {asked_info(), results}, {several, of_several}}) {
    const std::string text = json_report(info, all);
    const auto read = read_json_report(text);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(json_report(read->info, read->results), text);
  }
  const auto read = read_json_report(json_report(asked_info(), results));
  EXPECT_EQ(read->info.columns, asked_info().columns);
  EXPECT_EQ(read->info.asked.shard, 2U);
  EXPECT_EQ(text_report(read->info, read->results), text_report(asked_info(), results));
}

TEST(Record, OfHostileTextsIsReadAsItWasWritten) {
  const std::string text = json_report(nasty_info(), {nasty_sample()});
  const auto read = read_json_report(text);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(json_report(read->info, read->results), text);
}

TEST(Record, OfAnythingElseIsRefused) {
  EXPECT_FALSE(read_json_report(""));
  EXPECT_FALSE(read_json_report("[1]"));
  EXPECT_FALSE(read_json_report(std::string(100'000, '[')));
  json report = json::parse(json_report(sample_info(), {failed_sample()}));
  EXPECT_EQ(error_of(report), "");
  const auto with = [&](const char* pointer, const json& value) {
    json changed = report;
    changed[json::json_pointer(pointer)] = value;
    return error_of(changed);
  };
  EXPECT_NE(with("/faultline_results", 2).find("another version"), std::string::npos);
  EXPECT_NE(with("/results/0/outcome", "BAD").find("/results/0/outcome"), std::string::npos);
  EXPECT_NE(with("/results/0/family", 4).find("/results/0/family"), std::string::npos);
  EXPECT_NE(with("/results/0/variant", "other[ipv4]").find("is not the name"), std::string::npos);
  EXPECT_NE(with("/results/0/odd", 1).find("unknown key 'odd'"), std::string::npos);
  EXPECT_NE(with("/results/0/took_ns", -1).find("out of range"), std::string::npos);
  EXPECT_NE(with("/seed", -1).find("/seed"), std::string::npos);
  EXPECT_NE(with("/timing_scale", "x").find("/timing_scale"), std::string::npos);
  EXPECT_NE(with("/results", {{"a", 1}}).find("/results"), std::string::npos);
  report["results"][0].erase("stack");
  EXPECT_NE(error_of(report).find("'stack' is missing"), std::string::npos) << error_of(report);
}

TEST(BaselineFile, IsReadAsItWasWritten) {
  const Baseline baseline{
      .file = "b",
      .outcomes = {{"close/a[ipv4]", Outcome::PASS}, {"close/b[ipv6,lwip]", Outcome::XFAIL}}};
  const std::string text = baseline_text(baseline);
  EXPECT_EQ(text, R"({
  "faultline_baseline": 1,
  "outcomes": {
    "close/a[ipv4]": "PASS",
    "close/b[ipv6,lwip]": "XFAIL"
  }
}
)");
  EXPECT_EQ(read_baseline(text, "b")->outcomes, baseline.outcomes);
}

TEST(BaselineFile, OfAnythingElseIsRefused) {
  const auto why = [](const std::string& text) {
    const auto read = read_baseline(text, "b.json");
    return read ? "" : read.error().what;
  };
  EXPECT_EQ(why("{"), "b.json: not a baseline as --write-baseline writes it");
  EXPECT_EQ(why(R"({"faultline_baseline": 2})"), "b.json: a baseline of another version");
  EXPECT_NE(why(R"({"faultline_baseline": 1})"), "");
  EXPECT_NE(why(R"({"faultline_baseline": 1, "outcomes": {"a": "PASS"}})"), "");
  EXPECT_NE(why(R"({"faultline_baseline": 1, "outcomes": {"a[ipv4]": "GOOD"}})"), "");
  EXPECT_NE(why(R"({"faultline_baseline": 1, "outcomes": {"a[ipv4]": "INCONCLUSIVE"}})"), "");
  EXPECT_EQ(why(R"({"faultline_baseline": 1,
                    "outcomes": {"a[ipv4]": "PASS", "b[ipv4]": "PASS", "a[ipv4]": "FAIL"}})"),
            "b.json: 'a[ipv4]' is there twice");
  EXPECT_NE(why(R"({"faultline_baseline": 1, "outcomes": {}, "odd": 1})"), "");
  EXPECT_EQ(why(R"({"faultline_baseline": 1, "outcomes": {}})"), "");
}

NamedRecord shard(size_t index, size_t of, std::vector<CaseResult> results) {
  NamedRecord record{.name = "s" + std::to_string(index), .run = {sample_info(), results}};
  record.run.info.asked.shard = index;
  record.run.info.asked.shards = of;
  return record;
}

TEST(Merging, MakesTheWholeRunOfItsShards) {
  const auto whole = merged(
      {shard(2, 2, {sample("b", Outcome::PASS)}), shard(1, 2, {sample("a", Outcome::FAIL)})});
  ASSERT_TRUE(whole) << whole.error().what;
  EXPECT_EQ(whole->info.asked.shards, 1U);
  EXPECT_TRUE(whole->info.absent_shards.empty());
  ASSERT_EQ(whole->results.size(), 2U);
  EXPECT_EQ(whole->results[0].case_id, "a");
}

TEST(Merging, TellsWhichShardsAreNotThere) {
  const auto part = merged({shard(2, 3, {sample("b", Outcome::PASS)})});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->info.absent_shards, (std::vector<size_t>{1, 3}));
  EXPECT_NE(text_summary(part->info, part->results).find("shard 3/3 is not there"),
            std::string::npos);
}

TEST(Merging, AnEmptyShardSaysNothingOfItsKernel) {
  NamedRecord empty = shard(1, 2, {});
  empty.run.info.kernel.clear();
  empty.run.info.hz = 1000;
  const auto whole = merged({empty, shard(2, 2, {sample("b", Outcome::PASS)})});
  ASSERT_TRUE(whole) << whole.error().what;
  EXPECT_EQ(whole->info.kernel, "6.18.0");
  EXPECT_EQ(whole->info.hz, 250);
}

TEST(Merging, RefusesWhatIsNotOneRun) {
  const auto why = [](NamedRecord a, NamedRecord b) {
    const auto whole = merged({std::move(a), std::move(b)});
    return whole ? "" : whole.error().what;
  };
  const NamedRecord one = shard(1, 2, {sample("a", Outcome::PASS)}),
                    two = shard(2, 2, {sample("b", Outcome::PASS)});
  EXPECT_EQ(why(one, two), "");
  EXPECT_EQ(why(one, one), "s1 and s1 are both shard 1/2");
  EXPECT_EQ(why(one, shard(2, 2, one.run.results)), "s1 and s2 both have a result of a[ipv4]");
  EXPECT_EQ(why(one, shard(2, 3, {})), "s1 and s2 are not of the same run; shards: '2' and '3'");
  NamedRecord other = two;
  other.run.info.seed = 9;
  EXPECT_EQ(why(one, other), "s1 and s2 are not of the same run; seed: '7' and '9'");
  other = two;
  other.run.info.kernel = "6.1.0";
  EXPECT_EQ(why(one, other),
            "s1 and s2 are not of the same run; kernel: '6.18.0, 250 Hz' and '6.1.0, 250 Hz'");
  other = two;
  other.run.info.asked.sysctls = {{"net.ipv4.a", "1"}};
  EXPECT_NE(why(one, other), "");
}

}  // namespace
}  // namespace faultline
