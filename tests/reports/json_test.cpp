#include "reports/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

using nlohmann::json;

TEST(Json, HoldsTheWholeRun) {
  const json report = json::parse(json_report(sample_info(), one_of_each()));
  EXPECT_EQ(report["faultline_results"], 1);
  EXPECT_EQ(report["seed"], 7);
  EXPECT_EQ(report["kernel"], "6.18.0");
  EXPECT_EQ(report["wall_ns"], 66'000'000'000);
  EXPECT_EQ(report["summary"],
            json::parse(R"({"PASS":1,"FAIL":1,"XFAIL":1,"XPASS":1,"SKIP":1,"UNSUPPORTED":1,
                            "INCONCLUSIVE":1,"ERROR":1})"));
  ASSERT_EQ(report["results"].size(), 8U);
}

TEST(Json, AResultIsComplete) {
  const json report = json::parse(json_report(sample_info(), {failed_sample()}));
  EXPECT_EQ(report["results"][0], json::parse(R"json({
    "case": "close/fin-lost", "variant": "close/fin-lost[ipv4]", "family": "ipv4",
    "sut": "client", "stack": "linux", "outcome": "FAIL", "reason": "the 3rd gap is too long",
    "title": "A lost FIN is retransmitted with exponential backoff", "level": "must",
    "spec": ["RFC 6298 5.5"], "file": "cases/close/fin-lost.toml", "line": 23,
    "took_ns": 65551000000, "rerun": "faultline run 'close/fin-lost' --ipv4 --seed 7",
    "trace": "out/close/fin-lost[ipv4].json",
    "findings": [
      {"status": "met", "what": "client: connect succeeds", "line": 17},
      {"status": "broken", "what": "gaps between every FIN from the client", "line": 23,
       "owner": "client", "wanted": "200ms, 400ms, 800ms", "got": "204ms, 408ms, 1.9s",
       "tolerance": "-1ms +32ms (one granule at 250 Hz)",
       "evidence": ["3.712s client > RST seq 2", "and nothing after it"]},
      {"status": "unclear", "what": "only legal transitions"}],
    "story": ["0.000s client: connect", "1.204s client > FIN ACK seq 1: dropped by rule 'fins'"]
  })json"));
}

TEST(Json, SaysZeroOfWhatDidNotOccur) {
  const json report = json::parse(json_report(sample_info(), {}));
  EXPECT_EQ(report["summary"]["FAIL"], 0);
  EXPECT_EQ(report["summary"].size(), 8U);
  EXPECT_TRUE(report["results"].is_array());
}

TEST(Json, KeepsHostileTextsAsData) {
  const json report = json::parse(json_report(nasty_info(), {nasty_sample()}));
  const std::string title = report["results"][0]["title"];
  EXPECT_TRUE(title.starts_with("<b a='1'>&amp;]]>\"\x1b[2J"));
  EXPECT_NE(title.find("\uFFFD"), std::string::npos);
  EXPECT_TRUE(title.ends_with("café {} %s"));
}

}  // namespace
}  // namespace faultline
