#include "harness/run/patience.hpp"

#include <gtest/gtest.h>

#include "harness/case/reader.hpp"
#include "harness/run/rules.hpp"
#include "harness/run/script.hpp"

namespace faultline {
namespace {

Case case_of(const std::string& body) {
  auto read = read_case(
      "title = \"A case\"\nabout = \"client\"\nlevel = \"must\"\nspec = [\"RFC 9293 3.5\"]\n" +
          body + "\n[expect]\nnever = [{ has = \"URG\" }]\n",
      "x.toml", "topic/x", known_faults());
  if (read) return std::move(*read);
  ADD_FAILURE() << to_string(read.error());
  return {};
}

const Environment plain{.hz = 250};

Nanos patience_of(const Case& the_case, const Environment& environment = plain) {
  const auto& call = std::get<CallStep>(the_case.steps.at(0).what);
  return patience(call, expected_inputs(the_case, environment, call));
}

TEST(Patience, ACallThatSaysNothing) {
  EXPECT_EQ(patience_of(case_of("[[step]]\nclient = \"connect\"\n")), default_patience);
}

TEST(Patience, HalfAsLongAgainAndTenSeconds) {
  const Nanos least = 1s * 3 / 2 + 10s;
  const Nanos given = patience_of(case_of("[[step]]\nclient = \"connect\"\ntakes = \"1s\"\n"));
  EXPECT_GE(given, least);
  EXPECT_LT(given, least + 1s) << "the lateness of the timer is all that comes on top";
}

// 7 s of SYNs with two retries, 3 s with one.
TEST(Patience, AModelFollowsTheCasesOwnSysctls) {
  const std::string step = "[[step]]\nclient = \"connect\"\ntakes = \"timer:connect\"\n";
  const auto with = [&](const char* retries) {
    return case_of(
        std::string("client.sysctl = { tcp_syn_linear_timeouts = 0, tcp_syn_retries = ") + retries +
        " }\n" + step);
  };
  EXPECT_GT(patience_of(with("2")), 7s * 3 / 2 + 10s);
  EXPECT_LT(patience_of(with("1")), 7s * 3 / 2 + 10s);
}

TEST(Patience, WhatIsSetFromOutsideIsForTheEndUnderTest) {
  const Case the_case = case_of("[[step]]\nclient = \"connect\"\n");
  const Environment environment{.hz = 250, .overrides = {{"net.ipv4.tcp_syn_retries", "2"}}};
  const TimerInputs client = expected_inputs(the_case, environment, End::client),
                    server = expected_inputs(the_case, environment, End::server);
  EXPECT_EQ(client.sysctl.at("net.ipv4.tcp_syn_retries"), "2");
  EXPECT_EQ(server.sysctl.at("net.ipv4.tcp_syn_retries"), "6");
  EXPECT_EQ(client.peer_sysctl, server.sysctl);
  EXPECT_EQ(server.peer_sysctl, client.sysctl);
}

TEST(Patience, ACallThatIsToFailMayTakeAsLongAsAWait) {
  EXPECT_EQ(patience_of(case_of("[[step]]\nclient = \"connect\"\nfails = \"ETIMEDOUT\"\n")),
            default_within);
}

TEST(Patience, AModelFollowsTheOptionsOfItsOwnSocket) {
  const auto with = [](const std::string& socket) {
    return case_of(
        "client.sysctl = { tcp_syn_linear_timeouts = 0, tcp_syn_retries = 1 }\n"
        "[[step]]\nclient = \"connect\"\ntakes = \"timer:connect\"\n"
        "[[step]]\nclient = \"bind\"\nsocket = \"other\"\n"
        "[[step]]\nclient = \"setsockopt\"\nsocket = \"" +
        socket + "\"\noption = \"TCP_SYNCNT\"\nvalue = 4\n");
  };
  EXPECT_GT(patience_of(with("main")), 31s * 3 / 2);
  EXPECT_LT(patience_of(with("other")), 20s);
}

TEST(Patience, AnOverrideWins) {
  const Case the_case = case_of(
      "client.sysctl = { tcp_syn_linear_timeouts = 0, tcp_syn_retries = 6 }\n"
      "[[step]]\nclient = \"connect\"\ntakes = \"timer:connect\"\n");
  Environment environment = plain;
  environment.overrides = {{"net.ipv4.tcp_syn_retries", "1"}};
  EXPECT_LT(patience_of(the_case, environment), 20s);
}

TEST(Patience, WhatIsInForceIsWhatCounts) {
  const Case the_case = case_of(
      "client.sysctl = { tcp_syn_retries = 6 }\n"
      "[[step]]\nclient = \"connect\"\ntakes = \"timer:connect\"\n");
  Environment environment = plain;
  environment.ends[index(End::client)].sysctl = {{"net.ipv4.tcp_syn_retries", "1"},
                                                 {"net.ipv4.tcp_syn_linear_timeouts", "0"}};
  EXPECT_LT(patience_of(the_case, environment), 20s);
}

TEST(PredictedLength, StepsOneAfterTheOther) {
  const Case the_case = case_of(
      "[[step]]\nclient = \"connect\"\ntakes = { min = \"1s\", max = \"2s\" }\n"
      "[[step]]\nwait = \"3s\"\n");
  EXPECT_EQ(predicted_length(the_case, plain), 5s + settling);
}

TEST(PredictedLength, WhatRunsInTheBackgroundRunsMeanwhile) {
  const Case the_case = case_of(
      "[[step]]\nclient = \"connect\"\nbackground = true\ntakes = { min = \"1s\", max = \"2s\" }\n"
      "[[step]]\nwait = \"3s\"\n");
  EXPECT_EQ(predicted_length(the_case, plain), 3s + settling);
}

TEST(LongestLength, IsLongerThanEveryBoundOfTheCase) {
  const Case the_case = case_of(
      "[[step]]\nclient = \"connect\"\n[[step]]\nwait = { client = \"CLOSED\" }\nwithin = \"9s\"\n"
      "[[step]]\nwait = { client = \"CLOSED\" }\n[[step]]\nwait = \"2s\"\n");
  EXPECT_GE(longest_length(the_case, plain), default_patience + 9s + default_within + 2s);
}

}  // namespace
}  // namespace faultline
