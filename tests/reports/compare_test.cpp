#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/compare_json.hpp"
#include "reports/compare_text.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

ComparedRun run(const std::string& id, Family family, Outcome outcome, Nanos took) {
  Conduct conduct{.exact_times = true};
  conduct.calls = {{"client: connect (step-1)", "fails with ETIMEDOUT", took}};
  return {.identity = {.case_id = id, .family = family, .column = "linux"},
          .outcome = outcome,
          .reason = outcome == Outcome::FAIL ? "too late" : "",
          .trace_file = "out/" + id,
          .conduct = std::array{conduct, Conduct{}}};
}

ComparedSide side(const std::string& name, Outcome outcome, Nanos took) {
  return {.name = name,
          .setups = {{"linux", {"linux, kernel 6.12, 250 Hz"}}},
          .runs = {run("a/b", Family::ipv4, outcome, took), run("a/b", Family::ipv6, outcome, took),
                   run("a/c", Family::ipv4, Outcome::PASS, 1s)}};
}

Comparison sample_comparison() {
  ComparedSide b = side("two", Outcome::FAIL, 18s);
  b.runs.push_back(run("a/d", Family::ipv4, Outcome::PASS, 1s));
  return compare(side("one", Outcome::PASS, 63s), std::move(b), false);
}

TEST(CompareText, ALineForEachCaseThatDiffers) {
  EXPECT_EQ(compare_text(sample_comparison()),
            "A  one: linux, kernel 6.12, 250 Hz\n"
            "B  two: linux, kernel 6.12, 250 Hz\n"
            "\n"
            "a/b[ipv4] [ipv6]  PASS | FAIL; client: connect (step-1) takes 63s | 18s\n"
            "\n"
            "3 pairs compared: 2 differ (outcome 2, call 2)\n"
            "only in B: 1 (-v names them)\n");
}

TEST(CompareText, DetailsAreWhole) {
  EXPECT_EQ(compare_text(sample_comparison(), {.verbose = true}),
            "A  one: linux, kernel 6.12, 250 Hz\n"
            "B  two: linux, kernel 6.12, 250 Hz\n"
            "\n"
            "a/b[ipv4] [ipv6]  PASS | FAIL\n"
            "  outcome\n"
            "    A  PASS\n"
            "    B  FAIL: too late\n"
            "  call      client: connect (step-1)\n"
            "    A  fails with ETIMEDOUT after 63s\n"
            "    B  fails with ETIMEDOUT after 18s\n"
            "\n"
            "3 pairs compared: 2 differ (outcome 2, call 2)\n"
            "only in B: 1: a/d[ipv4]\n");
}

TEST(CompareText, OfTheSameSaysHowMuchWasCompared) {
  const auto same = compare(side("one", Outcome::PASS, 1s), side("one", Outcome::PASS, 1s), false);
  EXPECT_EQ(compare_text(same), "3 pairs compared: no difference\n");
}

TEST(CompareText, WhatOneSideLacksIsNotTakenForTheSame) {
  ComparedSide b = side("one", Outcome::PASS, 1s);
  b.runs.pop_back();
  const auto crashed = compare(side("one", Outcome::PASS, 1s), std::move(b), false);
  EXPECT_EQ(compare_text(crashed),
            "2 pairs compared: no difference in what both have\n"
            "only in A: 1 (-v names them)\n");
}

TEST(CompareText, FamiliesThatDifferOtherwiseHaveLinesOfTheirOwn) {
  ComparedSide b = side("two", Outcome::FAIL, 18s);
  b.runs[1] = run("a/b", Family::ipv6, Outcome::FAIL, 19s);
  const std::string text =
      compare_text(compare(side("one", Outcome::PASS, 63s), std::move(b), false));
  EXPECT_NE(text.find("\na/b[ipv4]  PASS"), text.npos) << text;
  EXPECT_NE(text.find("\na/b[ipv6]  PASS"), text.npos) << text;
}

TEST(CompareText, SaysWhatHadNoTrace) {
  ComparedSide b = side("two", Outcome::PASS, 63s);
  b.runs[0].conduct.reset();
  const std::string text =
      compare_text(compare(side("one", Outcome::PASS, 63s), std::move(b), false));
  EXPECT_NE(text.find("1 of them by their outcomes alone"), text.npos) << text;
}

TEST(CompareText, IsHarmlessWithHostileNames) {
  ComparedSide a = side(nasty, Outcome::PASS, 1s), b = side(nasty, Outcome::FAIL, 2s);
  for (auto* one : {&a, &b})
    for (ComparedRun& run : one->runs) run.identity.case_id = run.reason = nasty;
  const std::string text =
      compare_text(compare(std::move(a), std::move(b), false), {.verbose = true});
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_EQ(text.find("\u202e"), text.npos);
}

TEST(CompareJson, HoldsEveryDifferenceWhole) {
  using nlohmann::json;
  const json report = json::parse(compare_json(sample_comparison()));
  EXPECT_EQ(report["faultline_compare"], 1);
  EXPECT_EQ(report["pairs"], 3);
  ASSERT_EQ(report["differing"].size(), 2U);
  EXPECT_EQ(report["differing"][1], json::parse(R"json({
    "case": "a/b", "family": "ipv6", "repetition": 1, "at": "client", "traces_compared": true,
    "a": {"stack": "linux", "sut": "client", "outcome": "PASS", "reason": "", "trace": "out/a/b"},
    "b": {"stack": "linux", "sut": "client", "outcome": "FAIL", "reason": "too late",
          "trace": "out/a/b"},
    "differences": [
      {"aspect": "outcome", "what": "outcome", "a": "PASS", "b": "FAIL: too late"},
      {"aspect": "call", "what": "client: connect (step-1)",
       "a": "fails with ETIMEDOUT after 63s", "b": "fails with ETIMEDOUT after 18s"}]})json"));
  EXPECT_EQ(report["only_a"].size(), 0U);
  EXPECT_EQ(report["only_b"][0]["case"], "a/d");
}

}  // namespace
}  // namespace faultline
