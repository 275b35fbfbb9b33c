// The bytes that are sent: each direction of each connection is a stream of its own.
#include "tests/run/fake_run.hpp"

#include "harness/drive/protocol.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

std::string step(const std::string& call) {
  return "[[step]]\n" + call + "\n";
}

const std::string both_directions =
    step("client = \"connect\"") + step("server = \"accept\"") +
    step("client = \"send\"\nbytes = 100") + step("client = \"send\"\nbytes = 50") +
    step("server = \"recv\"\nbytes = 120") + step("server = \"recv\"\nbytes = 30") +
    step("server = \"send\"\nbytes = 10") + step("client = \"recv\"\nbytes = 10");

// Answers every call as a stack without faults would.
void play(FakeRun& run) {
  for (size_t i = 0; i < run.calls.size(); ++i) {
    const json request = run.call(i).request;
    json result = json::object();
    if (request["call"] == "accept") result = {{"peer_address", "192.0.2.2"}, {"peer_port", 40000}};
    if (request.contains("bytes")) result = {{"bytes", request["bytes"]}, {"eof", false}};
    run.answer(i, result);
  }
}

TEST(ScriptStream, OffsetsGoOnWhereTheLastCallEnded) {
  FakeRun run(both_directions);
  run.connection_to_accept = "main";
  play(run);
  ASSERT_EQ(run.calls.size(), 8);
  EXPECT_EQ(run.call(2).request["offset"], 0);
  EXPECT_EQ(run.call(3).request["offset"], 100);
  EXPECT_EQ(run.call(4).request["offset"], 0);
  EXPECT_EQ(run.call(5).request["offset"], 120);
  EXPECT_EQ(run.call(6).request["offset"], 0);
}

TEST(ScriptStream, TheReceiverKnowsTheSendersSeed) {
  FakeRun run(both_directions);
  run.connection_to_accept = "main";
  play(run);
  EXPECT_EQ(run.call(2).request["seed"], run.call(4).request["seed"]);
  EXPECT_EQ(run.call(6).request["seed"], run.call(7).request["seed"]);
  EXPECT_NE(run.call(2).request["seed"], run.call(6).request["seed"]) << "one for each direction";
  EXPECT_LT(run.call(2).request["seed"].get<uint64_t>(), protocol::max_integer);
}

TEST(ScriptStream, TheContentFollowsTheSeedOfTheRun) {
  FakeRun one(both_directions, 1), same(both_directions, 1), another(both_directions, 2);
  for (FakeRun* run : {&one, &same, &another}) play(*run);
  EXPECT_EQ(one.call(2).request["seed"], same.call(2).request["seed"]);
  EXPECT_NE(one.call(2).request["seed"], another.call(2).request["seed"]);
}

// The socket that accept makes has a name of its own and belongs to the connection of the segments.
TEST(ScriptStream, AnAcceptedSocketBelongsToTheConnectionThatBroughtIt) {
  FakeRun run(step("client = \"connect\"\nsocket = \"two\"") +
              step("server = \"accept\"\nsocket = \"peer\"") +
              step("client = \"send\"\nsocket = \"two\"\nbytes = 5") +
              step("server = \"recv\"\nsocket = \"peer\"\nbytes = 5"));
  run.connection_to_accept = "two";
  play(run);
  ASSERT_EQ(run.calls.size(), 4);
  EXPECT_EQ(run.call(2).request["seed"], run.call(3).request["seed"]);
  EXPECT_EQ(run.recorded<ResultEvent>().at(3).connection, "two");
}

TEST(ScriptStream, WhatWasReadIsRecorded) {
  FakeRun run(step("client = \"connect\"") + step("client = \"recv\"\nmay_fail = true") +
              step("client = \"getsockopt\"\noption = \"TCP_NODELAY\""));
  run.answer(0);
  run.answer(1, {{"bytes", 7}, {"eof", true}, {"mismatch", 3}});
  run.answer(2, {{"value", 1}});
  const auto results = run.recorded<ResultEvent>();
  ASSERT_EQ(results.size(), 3);
  EXPECT_EQ(results[1].value, 7);
  EXPECT_TRUE(results[1].eof);
  EXPECT_EQ(results[1].mismatch, 3);
  EXPECT_EQ(results[2].value, 1);
}

}  // namespace
}  // namespace faultline::test
