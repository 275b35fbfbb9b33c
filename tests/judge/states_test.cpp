// Expectations about states, and what is made of looks that saw only some of them.
#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

Scene expecting(const std::string& expectation) {
  Scene scene(connect_step + "[expect]\n" + expectation + "\n");
  scene.call("dial", 0s, 1ms);
  return scene;
}

// The client went through these, a millisecond each.
Scene client_in(Scene scene, const std::vector<TcpState>& states) {
  Nanos at = 0ms;
  for (const TcpState state : states) scene.state(End::client, state, at += 1ms);
  return scene;
}

const std::string open_and_closed = "states.client = [\"SYN_SENT\", \"ESTABLISHED\", \"CLOSED\"]";

TEST(States, Exactly) {
  EXPECT_EQ(client_in(expecting(open_and_closed), {SYN_SENT, ESTABLISHED, CLOSED})
                .finding("states of the client")
                .status,
            Status::met);
  Scene scene = client_in(expecting(open_and_closed), {SYN_SENT, ESTABLISHED});
  const Finding finding = scene.finding("states of the client");
  EXPECT_EQ(finding.status, Status::broken);
  EXPECT_EQ(finding.wanted, "SYN_SENT → ESTABLISHED → CLOSED");
  EXPECT_EQ(finding.got, "SYN_SENT → ESTABLISHED");
  EXPECT_EQ(finding.evidence, (std::vector<std::string>{"1ms SYN_SENT", "2ms ESTABLISHED"}));
  EXPECT_EQ(expecting(open_and_closed).finding("states of the client").got, "none");
}

TEST(States, Containing) {
  const std::string some = "states.client = { contains = [\"ESTABLISHED\", \"CLOSED\"] }";
  EXPECT_EQ(client_in(expecting(some), {SYN_SENT, ESTABLISHED, CLOSE_WAIT, CLOSED})
                .finding("states of the client")
                .status,
            Status::met);
  const Finding finding =
      client_in(expecting(some), {SYN_SENT, CLOSED}).finding("states of the client");
  EXPECT_EQ(finding.status, Status::broken);
  EXPECT_EQ(finding.wanted, "ESTABLISHED → CLOSED among others");
}

TEST(States, OfAnotherConnectionAreNotMixedIn) {
  Scene scene(connect_step + "[[step]]\nname = \"again\"\nclient = \"connect\"\n" +
              "socket = \"two\"\n[expect]\nstates.client = [\"SYN_SENT\", \"ESTABLISHED\"]\n");
  scene.call("dial", 0s, 1ms)
      .call("again", 1ms, 1ms)
      .state(End::client, SYN_SENT, 1ms)
      .state(End::client, SYN_SENT, 2ms, 2ms, "two")
      .state(End::client, ESTABLISHED, 3ms)
      .state(End::client, CLOSED, 4ms, 4ms, "two");
  EXPECT_EQ(scene.judged().outcome, Outcome::PASS);
}

TEST(States, ThatNobodySawAreFilledInWhereOnePathLeadsThere) {
  const std::string whole =
      "states.client = [\"SYN_SENT\", \"ESTABLISHED\", \"CLOSE_WAIT\", \"LAST_ACK\", \"CLOSED\"]";
  Scene scene = client_in(expecting(whole), {SYN_SENT, ESTABLISHED, LAST_ACK, CLOSED});
  EXPECT_EQ(scene.finding("states of the client").got,
            "SYN_SENT → ESTABLISHED → CLOSE_WAIT → LAST_ACK → CLOSED");
  EXPECT_EQ(scene.judged().outcome, Outcome::PASS);
}

TEST(States, AreInconclusiveWhereMoreThanOnePathLeadsThere) {
  const std::string whole =
      "states.client = [\"SYN_SENT\", \"ESTABLISHED\", \"FIN_WAIT_1\", \"FIN_WAIT_2\", "
      "\"TIME_WAIT\"]";
  Scene scene = client_in(expecting(whole), {SYN_SENT, ESTABLISHED, TIME_WAIT});
  const CaseResult result = scene.judged();
  EXPECT_EQ(result.outcome, Outcome::INCONCLUSIVE);
  EXPECT_EQ(result.reason,
            "could not be told: states of the client: wanted SYN_SENT → ESTABLISHED → FIN_WAIT_1 → "
            "FIN_WAIT_2 → TIME_WAIT, got SYN_SENT → ESTABLISHED → TIME_WAIT (TIME_WAIT was seen "
            "after ESTABLISHED, and not what lay between)");
}

TEST(States, ThatWereSeenAndAreNotWantedAreWrongInSpiteOfAGap) {
  const std::string other = "states.client = [\"SYN_SENT\", \"ESTABLISHED\", \"CLOSE_WAIT\"]";
  EXPECT_EQ(client_in(expecting(other), {SYN_SENT, ESTABLISHED, TIME_WAIT})
                .finding("states of the client")
                .status,
            Status::broken);
}

TEST(States, ThatNoPathLeadsToAreWrong) {
  Scene scene = client_in(expecting(open_and_closed), {SYN_SENT, ESTABLISHED, SYN_SENT});
  EXPECT_EQ(scene.finding("states of the client").status, Status::broken);
  const Finding invariant = scene.finding("invariant: only transitions");
  EXPECT_EQ(invariant.status, Status::broken);
  EXPECT_EQ(invariant.got, "SYN_SENT was seen after ESTABLISHED");
}

// An end that listens is back in LISTEN when its connection is gone: observation says CLOSED.
TEST(States, OfAPassiveEndEndInItsListener) {
  Scene scene = expecting("states.server = [\"SYN_RECV\", \"LISTEN\"]\nfinal.server = \"LISTEN\"");
  scene.state(End::server, SYN_RECV, 1ms).state(End::server, CLOSED, 2ms);
  EXPECT_EQ(scene.judged().outcome, Outcome::PASS);
  EXPECT_EQ(expecting("final.server = \"LISTEN\"").judged().outcome, Outcome::PASS);
  EXPECT_EQ(expecting("final.client = \"LISTEN\"").judged().outcome, Outcome::FAIL);
}

TEST(States, OfAPassiveEndMayBeginAnew) {
  Scene scene =
      expecting("states.server = [\"SYN_RECV\", \"LISTEN\", \"SYN_RECV\", \"ESTABLISHED\"]");
  for (Nanos at = 1ms; const TcpState state : {SYN_RECV, CLOSED, SYN_RECV, ESTABLISHED})
    scene.state(End::server, state, at += 1ms);
  EXPECT_EQ(scene.judged().outcome, Outcome::PASS);
}

TEST(FinalState, IsTheLastOneSeen) {
  EXPECT_EQ(client_in(expecting("final.client = \"ESTABLISHED\""), {SYN_SENT, ESTABLISHED})
                .finding("final state of the client")
                .status,
            Status::met);
  const Finding finding =
      client_in(expecting("final.client = \"ESTABLISHED\""), {SYN_SENT, ESTABLISHED, CLOSED})
          .finding("final state of the client");
  EXPECT_EQ(finding.status, Status::broken);
  EXPECT_EQ(finding.wanted, "ESTABLISHED");
  EXPECT_EQ(finding.got, "CLOSED");
  EXPECT_EQ(expecting("final.client = \"CLOSED\"").finding("final").status, Status::met)
      << "an end that was never seen is closed";
}

}  // namespace
}  // namespace faultline::test
