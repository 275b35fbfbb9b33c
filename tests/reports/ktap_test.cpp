#include "reports/ktap.hpp"

#include <gtest/gtest.h>

#include "tests/reports/outside.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

using test::has_tool, test::read_by, test::Scratch;

std::vector<CaseResult> both_families(const std::string& id, Outcome ipv4, Outcome ipv6) {
  CaseResult four = sample(id, ipv4, "because of 4"), six = sample(id, ipv6, "because of 6");
  six.family = Family::ipv6;
  return {four, six};
}

std::string without_diagnostics(std::string text) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at) + 1;
    const size_t word = text.find_first_not_of(' ', at);
    if (text[word] == '#')
      text.erase(at, end - at);
    else
      at = end;
  }
  return text;
}

TEST(Ktap, VariantsAreInsideTheirCase) {
  CaseResult again = sample("data/x", Outcome::PASS);
  again.repetition = 2;
  std::vector<CaseResult> results = both_families("close/y", Outcome::PASS, Outcome::XFAIL);
  results.push_back(again);
  EXPECT_EQ(ktap_report(sample_info(), results),
            "KTAP version 1\n"
            "1..2\n"
            "  KTAP version 1\n"
            "  # Subtest: close/y\n"
            "  1..2\n"
            "  ok 1 close/y[ipv4]\n"
            "  ok 2 close/y[ipv6] # XFAIL because of 6\n"
            "ok 1 close/y # XFAIL because of 6\n"
            "  KTAP version 1\n"
            "  # Subtest: data/x\n"
            "  1..1\n"
            "  ok 1 data/x[ipv4]-2\n"
            "ok 2 data/x\n"
            "# Totals: pass:2 fail:0 xfail:1 xpass:0 skip:0 error:0\n");
}

TEST(Ktap, ACaseIsWhatTheWorstOfItsVariantsIs) {
  using enum Outcome;
  const auto line = [](Outcome one, Outcome two) {
    const std::string text = ktap_report(sample_info(), both_families("a", one, two));
    const size_t totals = text.find("# Totals");
    const size_t begin = text.rfind('\n', totals - 2) + 1;
    return text.substr(begin, totals - 1 - begin);
  };
  EXPECT_EQ(line(PASS, FAIL), "not ok 1 a");
  EXPECT_EQ(line(XPASS, PASS), "not ok 1 a");
  EXPECT_EQ(line(ERROR, XFAIL), "not ok 1 a # ERROR because of 4");
  EXPECT_EQ(line(PASS, INCONCLUSIVE), "not ok 1 a # ERROR inconclusive: because of 6");
  EXPECT_EQ(line(SKIP, PASS), "ok 1 a");
  EXPECT_EQ(line(SKIP, UNSUPPORTED), "ok 1 a # SKIP unsupported: because of 6");
  EXPECT_EQ(line(SKIP, SKIP), "ok 1 a # SKIP because of 4");
}

TEST(Ktap, AFailureIsToldBeforeItsResult) {
  const std::string text = ktap_report(sample_info(), {failed_sample()});
  const size_t wanted = text.find("  #              wanted     200ms, 400ms, 800ms\n");
  EXPECT_NE(wanted, std::string::npos) << text;
  EXPECT_LT(wanted, text.find("  not ok 1 close/fin-lost[ipv4]\n")) << text;
}

TEST(Tap, EveryResultIsATest) {
  EXPECT_EQ(without_diagnostics(tap_report(sample_info(), one_of_each())),
            "TAP version 13\n"
            "1..8\n"
            "ok 1 - handshake/plain[ipv4]\n"
            "not ok 2 - close/fin-lost[ipv4]\n"
            "not ok 3 - close/known[ipv4] # TODO Linux gives up early\n"
            "not ok 4 - close/fixed[ipv4]\n"
            "ok 5 - data/window[ipv4] # SKIP --sysctl changes what it expects\n"
            "ok 6 - data/cork[ipv4] # SKIP unsupported: no TCP_CORK\n"
            "not ok 7 - data/late[ipv4] # inconclusive: the harness was 80ms late\n"
            "not ok 8 - toplevel[ipv4] # the driver died\n");
}

TEST(Tap, AnInterruptedRunIsNoWholeOne) {
  for (const auto write : {ktap_report, tap_report})
    for (const auto& results : {one_of_each(), std::vector<CaseResult>{}})
      EXPECT_TRUE(write(interrupted_info(), results).ends_with("\nBail out! interrupted\n"));
  EXPECT_EQ(tap_report(interrupted_info(), {sample("a", Outcome::PASS)}),
            "TAP version 13\n"
            "1..2\n"
            "ok 1 - a[ipv4]\n"
            "not ok 2 - the whole run # the run was interrupted\n"
            "# Totals: pass:1 fail:0 xfail:0 xpass:0 skip:0 error:1\n"
            "Bail out! interrupted\n");
}

TEST(Tap, ARunOfWhichShardsAreNotThereIsNoWholeOne) {
  EXPECT_EQ(ktap_report(info_without_shards(), {sample("a", Outcome::PASS)}),
            "KTAP version 1\n"
            "1..2\n"
            "  KTAP version 1\n"
            "  # Subtest: a\n"
            "  1..1\n"
            "  ok 1 a[ipv4]\n"
            "ok 1 a\n"
            "not ok 2 the whole run # ERROR shard 1/3 is not there; shard 3/3 is not there\n"
            "# Totals: pass:1 fail:0 xfail:0 xpass:0 skip:0 error:1\n");
  EXPECT_EQ(tap_report(info_without_shards(), {}),
            "TAP version 13\n"
            "1..1\n"
            "not ok 1 - the whole run # shard 1/3 is not there; shard 3/3 is not there\n"
            "# Totals: pass:0 fail:0 xfail:0 xpass:0 skip:0 error:1\n");
}

// By prove, which reads KTAP's outer tests.
class TapFile : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_tool("prove")) GTEST_SKIP() << "no prove";
  }
  test::Read proved(const std::string& text) {
    return read_by("prove -v " + scratch_.file("run.tap", text) + " 2>&1");
  }
  static std::vector<CaseResult> good() {
    using enum Outcome;
    return {sample("a/pass", PASS), sample("a/known", XFAIL, "it # is \\ so"),
            sample("a/skip", SKIP, nasty), sample("a/cannot", UNSUPPORTED)};
  }

  Scratch scratch_;
};

TEST_F(TapFile, ProveTakesWhatIsExpectedForSuccess) {
  for (const auto write : {ktap_report, tap_report}) {
    const auto read = proved(write(nasty_info(), good()));
    EXPECT_EQ(read.code, 0) << read.out;
    EXPECT_NE(read.out.find("All tests successful."), std::string::npos) << read.out;
    EXPECT_NE(read.out.find("Tests=4,"), std::string::npos) << read.out;
  }
}

TEST_F(TapFile, ProveFindsEveryFailure) {
  for (const auto write : {ktap_report, tap_report}) {
    std::vector<CaseResult> all = one_of_each();
    all.push_back(nasty_sample());
    const auto read = proved(write(nasty_info(), all));
    EXPECT_EQ(read.code, 1);
    EXPECT_NE(read.out.find("Failed tests:  2, 4, 7-9"), std::string::npos) << read.out;
    EXPECT_NE(read.out.find("Failed 5/9 subtests"), std::string::npos) << read.out;
    EXPECT_EQ(read.out.find("Parse errors"), std::string::npos) << read.out;
  }
}

TEST_F(TapFile, ProveDoesNotTakeAnInterruptedRunForAWholeOne) {
  EXPECT_NE(proved(tap_report(interrupted_info(), good())).code, 0);
  EXPECT_NE(proved(ktap_report(interrupted_info(), good())).code, 0);
}

TEST_F(TapFile, ProveFindsThatShardsAreNotThere) {
  for (const auto write : {ktap_report, tap_report}) {
    const auto read = proved(write(info_without_shards(), good()));
    EXPECT_EQ(read.code, 1);
    EXPECT_NE(read.out.find("Failed test:  5"), std::string::npos) << read.out;
    EXPECT_EQ(read.out.find("Parse errors"), std::string::npos) << read.out;
  }
}

TEST_F(TapFile, NothingAtAllIsSkipped) {
  for (const auto write : {ktap_report, tap_report}) {
    const auto read = proved(write(sample_info(), {}));
    EXPECT_EQ(read.code, 0) << read.out;
    EXPECT_NE(read.out.find("skipped"), std::string::npos) << read.out;
  }
}

}  // namespace
}  // namespace faultline
