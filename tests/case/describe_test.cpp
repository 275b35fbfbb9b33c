// Cases in words.
#include <gtest/gtest.h>

#include "tests/case/support.hpp"

namespace faultline {
namespace {

TEST(Describe, Steps) {
  const Case c = test::good(test::head + R"(
[[step]]
client = "connect"
background = true
port = 4000
[[step]]
server = "accept"
socket = "two"
[[step]]
client = "send"
bytes = 1000
[[step]]
server = "recv"
socket = "two"
[[step]]
client = "shutdown"
how = "write"
[[step]]
client = "setsockopt"
option = "TCP_LINGER2"
value = -1
[[step]]
client = "getsockopt"
option = "TCP_INFO"
field = "tcpi_rto"
[[step]]
wait = "60ms"
[[step]]
wait = { server = ["CLOSE_WAIT", "LAST_ACK"] }
within = "5s"
[[step]]
wait = { segment = { from = "client", flags = "SYN" } }
[[step]]
wait = { call = "step-1" }
[[step]]
link = "unplug"
[[step]]
link = "plug"
[[step]]
client = "kill"
)" + test::expect);
  std::vector<std::string> lines;
  for (const Step& step : c.steps) lines.push_back(describe(step));
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "client: connect, local port 4000, in the background",
                       "server: accept, socket two",
                       "client: send 1000 bytes",
                       "server: recv until the end of the stream, socket two",
                       "client: shutdown write",
                       "client: setsockopt TCP_LINGER2 = -1",
                       "client: getsockopt TCP_INFO tcpi_rto",
                       "wait 60ms",
                       "wait for CLOSE_WAIT or LAST_ACK at the server, at most 5s",
                       "wait for the 1st SYN from the client",
                       "wait for the end of 'step-1'",
                       "unplug the link",
                       "plug the link in",
                       "client: kill",
                   }));
}

TEST(Describe, Moments) {
  EXPECT_EQ(describe(Moment{Moment::CallBegins{"dial"}}), "call 'dial'");
  EXPECT_EQ(describe(Moment{Moment::CallEnds{"dial"}}), "the end of 'dial'");
  EXPECT_EQ(describe(Moment{Moment::SegmentPasses{Selector{.from = End::server}}}),
            "the 1st segment from the server");
  EXPECT_EQ(describe(Moment{Moment::StateBegins{{End::server, "two"}, TcpState::LAST_ACK}}),
            "LAST_ACK at the server of connection two");
}

TEST(Describe, Times) {
  EXPECT_EQ(to_string(TimeSpec{.sum = {63s}}), "63s");
  EXPECT_EQ(to_string(TimeSpec{.sum = {1s, 2s, 500ms}}), "1s+2s+500ms");
  EXPECT_EQ(to_string(TimeSpec{.min = 5s, .max = 6s}), "5s to 6s");
  EXPECT_EQ(to_string(TimeSpec{.min = 5s}), "at least 5s");
  EXPECT_EQ(to_string(TimeSpec{.max = 6s}), "at most 6s");
  EXPECT_EQ(to_string(TimeSpec{.timer = "connect"}), "timer:connect");
}

TEST(Describe, EndsOfConnections) {
  EXPECT_EQ(to_string(ConnectionEnd{End::client}), "client");
  EXPECT_EQ(to_string(ConnectionEnd{End::server, "two"}), "server:two");
}

TEST(Describe, WordsOfACaseAreThoseOfItsFile) {
  EXPECT_EQ(to_string(Level::documented), "documented");
  EXPECT_EQ(to_string(About::both), "both");
  EXPECT_EQ(to_string(Call::bind), "bind");
  EXPECT_EQ(to_string(Call::kill), "kill");
}

TEST(LooksAtStates, OnlyWhereSomethingInTheCaseDoes) {
  const std::string plain = test::head + "[[step]]\nclient = \"connect\"\nfails = \"ETIMEDOUT\"\n";
  const auto looks = [&](const std::string& more) {
    return test::good(plain + more).looks_at_states();
  };
  EXPECT_FALSE(looks(""));
  EXPECT_FALSE(looks("[[rule]]\nmatch = { flags = \"SYN\" }\ndrop = \"all\"\n"));
  EXPECT_FALSE(looks("[expect]\nnever = [{ has = \"RST\" }]\nstream.server = 0\n"));
  EXPECT_TRUE(looks("[[rule]]\nmatch = { while = { client = \"SYN_SENT\" } }\ndrop = \"all\"\n"));
  const std::string held = "[[rule]]\nmatch = { flags = \"SYN\" }\nhold = { until = ";
  EXPECT_FALSE(looks(held + "{ from = \"server\" } }\n"));
  EXPECT_TRUE(looks(held + "{ while = { client = \"SYN_SENT\" } } }\n"));
  EXPECT_TRUE(looks("[[step]]\nwait = { client = \"CLOSED\" }\n"));
  EXPECT_TRUE(looks("[expect]\nstates.client = [\"SYN_SENT\"]\n"));
  EXPECT_TRUE(looks("[expect]\nfinal.server = \"LISTEN\"\n"));
  EXPECT_TRUE(looks("[expect]\nnever = [{ while = { server = \"SYN_RECV\" } }]\n"));
  EXPECT_TRUE(
      looks("[expect]\ntimes = [{ from = { call = \"step-1\" }, to = { client = "
            "\"CLOSED\" }, is = \"1s\" }]\n"));
}

}  // namespace
}  // namespace faultline
