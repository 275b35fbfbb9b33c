#include "reports/text.hpp"

#include <gtest/gtest.h>

#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

TEST(Text, APassIsOneLine) {
  CaseResult result = sample("handshake/syn-lost-63s", Outcome::PASS);
  result.took = 65551ms;
  EXPECT_EQ(text_result(result), "PASS  handshake/syn-lost-63s[ipv4]  65.55s\n");
  result.took = 2h;
  EXPECT_EQ(text_result(result), "PASS  handshake/syn-lost-63s[ipv4]  2h\n");
}

TEST(Text, AFailureTellsTheStory) {
  EXPECT_EQ(text_result(failed_sample()),
            R"(FAIL  close/fin-lost[ipv4]  65.55s
  the 3rd gap is too long
  A lost FIN is retransmitted with exponential backoff
  linux as client, must (RFC 6298 5.5)
  what happened
    0.000s client: connect
    1.204s client > FIN ACK seq 1: dropped by rule 'fins'
  ok       cases/close/fin-lost.toml:17: client: connect succeeds
  UNCLEAR  only legal transitions (holds in every case)
  BROKEN   cases/close/fin-lost.toml:23: gaps between every FIN from the client
             wanted     200ms, 400ms, 800ms
             got        204ms, 408ms, 1.9s
             tolerance  -1ms +32ms (one granule at 250 Hz)
             instead    3.712s client > RST seq 2
                        and nothing after it
  trace    out/close/fin-lost[ipv4].json
  rerun    faultline run 'close/fin-lost' --ipv4 --seed 7
)");
}

TEST(Text, WhatWasNotRunSaysWhyInItsLine) {
  EXPECT_EQ(text_result(sample("data/cork", Outcome::UNSUPPORTED, "no TCP_CORK")),
            "UNSUPPORTED  data/cork[ipv4]  1.50s  (no TCP_CORK)\n");
}

TEST(Text, InconclusiveAndErrorSayWhyAndHowToRunAgain) {
  EXPECT_EQ(text_result(sample("data/late", Outcome::INCONCLUSIVE, "the harness was 80ms late")),
            R"(INCONCLUSIVE  data/late[ipv4]  1.50s
  the harness was 80ms late
  A title
  linux as client, must
  rerun    faultline run 'data/late' --ipv4 --seed 7
)");
}

TEST(Text, TheSummaryCountsEveryOutcome) {
  EXPECT_EQ(text_summary(sample_info(), one_of_each()),
            "8 results: 1 PASS, 1 FAIL, 1 XFAIL, 1 XPASS, 1 SKIP, 1 UNSUPPORTED, 1 INCONCLUSIVE, "
            "1 ERROR in 66.00s\nfaultline 0.1.0, kernel 6.18.0, 250 Hz, seed 7\n");
  RunInfo info = sample_info();
  info.interrupted = true;
  info.timing_scale = 2.5;
  EXPECT_EQ(text_summary(info, {}),
            "0 results in 66.00s (interrupted)\n"
            "faultline 0.1.0, kernel 6.18.0, 250 Hz, seed 7, tolerances times 2.5\n");
}

TEST(Text, TheSummarySaysWhatWasLeftOutBecauseItIsSlow) {
  RunInfo info = sample_info();
  const auto says = [&](size_t left_out) {
    info.slow_left_out = left_out;
    const std::string text = text_summary(info, {});
    return text.substr(0, text.find("faultline"));
  };
  EXPECT_EQ(says(0), "0 results in 66.00s\n");
  EXPECT_EQ(says(1), "0 results in 66.00s\n1 slow case left out; --slow runs it\n");
  EXPECT_EQ(says(2), "0 results in 66.00s\n2 slow cases left out; --slow runs them\n");
}

TEST(Text, ALongStoryLosesItsMiddleUnlessVerbose) {
  CaseResult result = failed_sample();
  result.story.clear();
  for (int i = 0; i < 100; ++i) result.story.push_back("event " + std::to_string(i));
  const std::string brief = text_result(result);
  EXPECT_NE(brief.find("    event 7\n    … 68 more …\n    event 76\n"), std::string::npos) << brief;
  EXPECT_NE(brief.find("event 99\n"), std::string::npos);
  EXPECT_EQ(brief.find("event 8\n"), std::string::npos);
  EXPECT_NE(text_result(result, {.verbose = true}).find("event 50\n"), std::string::npos);
}

TEST(Text, VerboseTellsWhatPassedToo) {
  CaseResult result = failed_sample();
  result.outcome = Outcome::PASS;
  result.reason = "";
  result.findings.resize(1);
  const std::string text = text_result(result, {.verbose = true});
  EXPECT_NE(text.find("  ok       cases/close/fin-lost.toml:17:"), std::string::npos);
  EXPECT_NE(text.find("0.000s client: connect\n"), std::string::npos);
}

TEST(Text, SentencesAreWrappedWithAHangingIndent) {
  CaseResult result = failed_sample();
  result.findings = {{.status = Finding::Status::broken,
                      .what = "gaps between every FIN from the client that was sent twice",
                      .wanted = "200ms, 400ms, 800ms, 1.6s, 3.2s",
                      .line = 23}};
  const std::string text = text_result(result, {.width = 40});
  EXPECT_NE(text.find("  BROKEN   cases/close/fin-lost.toml:23:\n"
                      "           gaps between every FIN from\n"
                      "           the client that was sent\n"
                      "           twice\n"
                      "             wanted     200ms, 400ms,\n"
                      "                        800ms, 1.6s,\n"
                      "                        3.2s\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  rerun    faultline run 'close/fin-lost' --ipv4 --seed 7\n"),
            std::string::npos);
}

TEST(Text, ColoursOnlyWhereAskedFor) {
  const auto results = one_of_each();
  EXPECT_EQ(text_report(sample_info(), results).find('\x1b'), std::string::npos);
  EXPECT_TRUE(
      text_result(failed_sample(), {.colour = true}).starts_with("\x1b[1;31mFAIL\x1b[0m  "));
  EXPECT_NE(
      text_result(failed_sample(), {.colour = true}).find("  \x1b[1;31mBROKEN\x1b[0m   cases"),
      std::string::npos);
}

TEST(Text, NothingHostileReachesTheTerminal) {
  const std::string text =
      text_report(nasty_info(), {nasty_sample()}, {.width = 80, .verbose = true});
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c & 0x80) != 0 || (c >= 0x20 && c < 0x7f));
  EXPECT_EQ(text.find("\xC2\x9B"), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  EXPECT_NE(text.find("\\x1b[2J"), std::string::npos);
}

}  // namespace
}  // namespace faultline
