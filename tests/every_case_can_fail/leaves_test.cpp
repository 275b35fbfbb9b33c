// That a hollow statement is told from one that can fail, of every kind, on runs made by hand.
#include "tests/every_case_can_fail/leaves.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/every_case_can_fail/survivors.hpp"
#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

// Three SYNs, a connection, 100 bytes, and what was looked at.
Scene good_run(const std::string& expect) {
  Scene scene(
      "[[step]]\nname = \"dial\"\nclient = \"connect\"\ntakes = \"1s+2s\"\n"
      "[[step]]\nname = \"answer\"\nserver = \"accept\"\n"
      "[[step]]\nname = \"wait\"\nwait = { server = \"ESTABLISHED\" }\n"
      "[[step]]\nname = \"read\"\nserver = \"recv\"\nbytes = 100\n"
      "[[step]]\nname = \"bad\"\nclient = \"send\"\nbytes = 1\nfails = \"EPIPE\"\n" +
      expect);
  scene.call("dial", 0s, 3010ms)
      .segment({.at = 1ms, .flags = "SYN"})
      .segment({.at = 1010ms, .flags = "SYN", .retransmission = true})
      .segment({.at = 3010ms, .flags = "SYN", .retransmission = true})
      .segment({.at = 3011ms, .from = End::server, .flags = "SYN ACK", .ack = 1})
      .segment({.at = 3012ms, .seq = 1, .ack = 1, .payload = 100})
      .state(End::client, SYN_SENT, 1ms)
      .state(End::client, ESTABLISHED, 3012ms)
      .call("answer", 3012ms, 1ms)
      .wait("wait", 3013ms)
      .call("read", 3020ms, 1ms, 100)
      .fails("bad", 4s, 1ms, "EPIPE");
  return scene;
}

std::vector<std::string> survivors_of(const std::string& expect,
                                      const Judge& judge = judged_strictly) {
  const Scene scene = good_run("[expect]\n" + expect);
  EXPECT_EQ(judged_strictly(scene.the_case, scene.trace).outcome, Outcome::PASS)
      << judged_strictly(scene.the_case, scene.trace).reason;
  return survivors({scene.the_case, std::make_shared<Trace>(scene.trace)}, judge);
}

struct Kind {
  const char* text;
  size_t leaves;  // those of the steps left out
};
const std::vector<Kind> good{
    {"states.client = [\"SYN_SENT\", \"ESTABLISHED\"]\n", 3},
    {"states.client = { contains = [\"SYN_SENT\", \"ESTABLISHED\"] }\n", 3},
    {"final.client = \"ESTABLISHED\"\n", 1},
    {"stream.server = 100\n", 1},
    {"gaps = [{ of = { flags = \"SYN\" }, are = [\"1s\", \"2s\"] }]\n", 3},
    {"counts = [{ of = { flags = \"SYN\" }, is = 3 }]\n", 1},
    {"counts = [{ of = { flags = \"SYN\" }, is = \"2+\" }]\n", 1},
    {"times = [{ from = { call = \"dial\" }, to = { result = \"dial\" }, is = { min = \"2s\" } "
     "}]\n",
     3},
    {"times = [{ from = { call = \"dial\" }, to = { result = \"dial\" }, is = { max = \"4s\" } "
     "}]\n",
     3},
    {"never = [{ has = \"RST\", connection = \"main\", retransmission = true, payload = 7 }]\n", 1},
    {"never = [{ seq = \"500+\", ack = 9, while = { server = \"CLOSING\" }, nth = 3 }]\n", 1},
    {"never = [{ kind = \"keepalive-probe\", option = \"sack\", window = 7, byte = 900 }]\n", 1},
    {"segments = [{ flags = \"SYN\" }, { flags = \"SYN ACK\" }]\n", 3},
};

TEST(Leaves, OfAGoodCaseAreAllFoundBroken) {
  for (const Kind& kind : good) {
    const auto lines = survivors_of(kind.text);
    EXPECT_TRUE(lines.empty()) << kind.text << fmt::format("{}", fmt::join(lines, "\n"));
  }
}

TEST(Leaves, AreAsManyAsThereAreStatements) {
  for (const Kind& kind : good) {
    const Scene scene = good_run(std::string("[expect]\n") + kind.text);
    const TracedRun run{scene.the_case, std::make_shared<Trace>(scene.trace)};
    EXPECT_EQ(leaves_of_expectation(run, 0).size(), kind.leaves) << kind.text;
    EXPECT_EQ(leaves_of_step(run, 0).size(), 2);  // that it succeeds, and when
    for (const size_t other : {1, 2, 3, 4})
      EXPECT_EQ(leaves_of_step(run, other).size(), 1) << other;
    EXPECT_EQ(leaves_of(run).size(), 6 + kind.leaves);
  }
}

// Every mutant survives a judge that is content with everything.
TEST(Leaves, OfEveryKindSurviveAJudgeThatDoesNotLook) {
  const Judge content = [](const Case&, const Trace&) {
    return CaseResult{.outcome = Outcome::PASS};
  };
  for (const Kind& kind : good) {
    const Scene scene = good_run(std::string("[expect]\n") + kind.text);
    size_t mutants = 0;
    for (const Leaf& leaf : leaves_of({scene.the_case, std::make_shared<Trace>(scene.trace)})) {
      EXPECT_FALSE(leaf.mutants.empty()) << leaf.name;
      mutants += leaf.mutants.size();
    }
    EXPECT_EQ(survivors_of(kind.text, content).size(), mutants) << kind.text;
  }
}

// A FAIL for another reason shows nothing of the statement.
TEST(Leaves, SurviveAJudgeThatFindsAnotherLineBroken) {
  const Judge wrong = [](const Case&, const Trace&) {
    CaseResult result{.outcome = Outcome::FAIL};
    result.findings = {{.status = Status::broken, .line = 1}};
    return result;
  };
  EXPECT_FALSE(survivors_of(good[0].text, wrong).empty());
}

TEST(Leaves, ThatAreHollowAreFound) {
  const auto one = [](const std::string& expect, const std::string& what) {
    const auto lines = survivors_of(expect);
    ASSERT_EQ(lines.size(), 1) << expect << fmt::format("{}", fmt::join(lines, "\n"));
    EXPECT_NE(lines[0].find(what), std::string::npos) << lines[0];
  };
  one("counts = [{ of = { flags = \"SYN\" }, is = \"0+\" }]\n", "nothing can falsify it");
  one("times = [{ from = { call = \"dial\" }, to = { result = \"dial\" }, is = { min = \"0s\" } "
      "}]\n",
      "still holds when falsified (the run a million times as fast)");
  one("segments = [{ flags = \"SYN\" }, { flags = \"SYN\" }]\n",
      "their order: still holds when falsified (reversed)");
}

TEST(Leaves, ASayingNothingOfStepsIsNoStatement) {
  Scene scene(
      "[[step]]\nname = \"dial\"\nclient = \"connect\"\nmay_fail = true\n"
      "[[step]]\nname = \"pause\"\nwait = \"1s\"\n[[step]]\nlink = \"plug\"\n"
      "[expect]\nfinal.client = \"CLOSED\"\n");
  const TracedRun run{scene.the_case, std::make_shared<Trace>(scene.trace)};
  for (size_t i = 0; i < 3; ++i) EXPECT_TRUE(leaves_of_step(run, i).empty()) << i;
}

TEST(Leaves, OfAModelFollowItsSettings) {
  Scene scene(
      "[client]\nsysctl = { tcp_syn_retries = 2, tcp_syn_linear_timeouts = 0 }\n"
      "[[step]]\nname = \"dial\"\nclient = \"connect\"\nfails = \"ETIMEDOUT\"\n"
      "takes = \"timer:connect\"\n[expect]\n"
      "counts = [{ of = { flags = \"SYN\" }, is = \"timer:connect\" }]\n"
      "gaps = [{ of = { flags = \"SYN\" }, are = \"timer:connect\" }]\n");
  scene.trace.environment.ends[0].sysctl["net.ipv4.tcp_syn_retries"] = "2";
  scene.trace.environment.ends[0].sysctl["net.ipv4.tcp_syn_linear_timeouts"] = "0";
  scene.fails("dial", 0s, 7100ms, "ETIMEDOUT")
      .segment({.at = 1ms, .flags = "SYN"})
      .segment({.at = 1010ms, .flags = "SYN", .retransmission = true})
      .segment({.at = 3030ms, .flags = "SYN", .retransmission = true});
  const TracedRun run{scene.the_case, std::make_shared<Trace>(scene.trace)};
  ASSERT_EQ(judged_strictly(run.the_case, *run.trace).outcome, Outcome::PASS);
  EXPECT_EQ(fmt::format("{}", fmt::join(survivors(run), "\n")), "");
  const auto followed = [](const Leaf& leaf) {
    return std::ranges::any_of(leaf.mutants, [](const Mutant& mutant) {
      return mutant.what == "other sysctls and options";
    });
  };
  EXPECT_EQ(std::ranges::count_if(leaves_of(run), followed), 3);
}

}  // namespace
}  // namespace faultline::test
