// What the reader makes of good files.
#include <gtest/gtest.h>

#include "tests/case/support.hpp"

namespace faultline {
namespace {

using test::connect;
using test::good;
using test::head;
using namespace std::string_literals;

TEST(Reader, TheExampleOfTheDesign) {
  const Case c = good(R"(title = "connect() gives up after 63 s when every SYN is lost"
about = "client"
spec  = ["RFC 6298 5.5", "RFC 9293 MUST-20"]
level = "documented"

[client]
sysctl = { tcp_syn_retries = 5, tcp_syn_linear_timeouts = 0 }

[[rule]]
match = { from = "client", flags = "SYN" }
drop  = "all"

[[step]]
client = "connect"
fails  = "ETIMEDOUT"
takes  = "63s"

[expect]
states.client = ["SYN_SENT", "CLOSED"]
gaps = [{ of = { from = "client", flags = "SYN" }, are = ["1s", "2s", "4s", "8s", "16s"] }]
)");
  EXPECT_EQ(c.id, "topic/x");
  EXPECT_EQ(c.file, "x.toml");
  EXPECT_EQ(c.about, About::client);
  EXPECT_EQ(c.level, Level::documented);
  EXPECT_EQ(c.spec.size(), 2u);
  EXPECT_EQ(c.families.size(), 2u);
  EXPECT_EQ(c.setup(End::client).sysctl.at("tcp_syn_retries"), "5");
  EXPECT_FALSE(c.setup(End::client).listen);
  EXPECT_TRUE(c.setup(End::server).listen);
  ASSERT_EQ(c.rules.size(), 1u);
  EXPECT_EQ(c.rules[0].name, "rule-1");
  EXPECT_EQ(c.rules[0].fault, "drop");
  EXPECT_TRUE(c.rules[0].match.nth.empty());
  ASSERT_EQ(c.steps.size(), 1u);
  EXPECT_EQ(c.steps[0].line, 13);
  const auto& call = std::get<CallStep>(c.steps[0].what);
  EXPECT_EQ(call.fails, "ETIMEDOUT");
  EXPECT_EQ(call.takes->sum, std::vector<Nanos>{63s});
  ASSERT_EQ(c.expectations.size(), 2u);
  const auto states = test::expectation<StatesExpectation>(c);
  EXPECT_TRUE(states.exactly);
  EXPECT_EQ(states.line, 19);
  EXPECT_EQ(states.states, (std::vector{TcpState::SYN_SENT, TcpState::CLOSED}));
  const auto gaps = test::expectation<GapsExpectation>(c);
  EXPECT_EQ(gaps.are.size(), 5u);
  EXPECT_EQ(gaps.line, 20);
}

TEST(Reader, Setup) {
  const Case c = good(head + R"(
families = ["ipv6"]
claims = ["S04"]
[client]
sysctl = { tcp_rmem = "4096 87380 6291456", net.core.somaxconn = 7, "net.ipv4.tcp_sack" = 0 }
options = { TCP_USER_TIMEOUT = 5000 }
listen = true
backlog = 1
[server]
listen = false
)" + connect + test::expect);
  EXPECT_EQ(c.families, std::vector{Family::ipv6});
  EXPECT_EQ(c.claims, std::vector<std::string>{"S04"});
  const EndSetup& client = c.setup(End::client);
  EXPECT_EQ(client.sysctl, (std::map<std::string, std::string>{{"tcp_rmem", "4096 87380 6291456"},
                                                               {"net.core.somaxconn", "7"},
                                                               {"net.ipv4.tcp_sack", "0"}}));
  EXPECT_EQ(client.options.at("TCP_USER_TIMEOUT"), 5000);
  EXPECT_TRUE(client.listen);
  EXPECT_EQ(client.backlog, 1);
  EXPECT_FALSE(c.setup(End::server).listen);
  EXPECT_EQ(c.setup(End::server).backlog, 16);
}

TEST(Reader, Rules) {
  const Case c = good(head + R"(
[[rule]]
name = "second-syn"
match = { flags = "SYN" }
drop = 2
[[rule]]
match = { has = "ACK", nth = "3+" }
optional = true
delay = "200ms"
[[rule]]
match = {}
pass = [1, "3-4"]
[[rule]]
match = { payload = true, seq = "1000-1999" }
hold = { until = { from = "server", nth = 2 } }
)" + connect + test::expect);
  ASSERT_EQ(c.rules.size(), 4u);
  EXPECT_EQ(c.rules[0].name, "second-syn");
  EXPECT_EQ(c.rules[0].match.nth, (std::vector<Range>{{2, 2}}));
  EXPECT_FALSE(c.rules[0].optional);
  EXPECT_EQ(c.rules[1].name, "rule-2");
  EXPECT_TRUE(c.rules[1].optional);
  EXPECT_EQ(c.rules[1].params, "200ms");
  EXPECT_EQ(c.rules[1].match.nth, (std::vector<Range>{{3, Range::open}}));
  EXPECT_EQ(c.rules[2].match.nth, (std::vector<Range>{{1, 1}, {3, 4}}));
  EXPECT_EQ(c.rules[3].fault, "hold");
  EXPECT_EQ(c.rules[3].params["until"]["nth"], 2);
}

TEST(Reader, CallsAndTheirDefaults) {
  const Case c = good(head + R"(
[[step]]
server = "accept"
background = true
[[step]]
client = "connect"
port = 4000
[[step]]
client = "send"
bytes = 1000
returns = "1-1000"
[[step]]
server = "recv"
may_fail = true
takes = { max = "2s" }
[[step]]
client = "getsockopt"
option = "TCP_INFO"
field = "tcpi_rto"
[[step]]
client = "abort"
)" + "");
  const auto call = [&](size_t i) { return std::get<CallStep>(c.steps[i].what); };
  EXPECT_EQ(call(0).socket, "main");
  EXPECT_TRUE(call(0).background);
  EXPECT_EQ(call(1).port, 4000);
  EXPECT_EQ(call(2).bytes, 1000u);
  EXPECT_EQ(call(2).returns, (Range{1, 1000}));
  EXPECT_FALSE(call(3).bytes);
  EXPECT_TRUE(call(3).may_fail);
  EXPECT_FALSE(call(3).takes->min);
  EXPECT_EQ(call(3).takes->max, Nanos(2s));
  EXPECT_EQ(call(4).field, "tcpi_rto");
  EXPECT_EQ(call(5).call, Call::abort);
}

TEST(Reader, AListenerByHand) {
  const Case c = good(head + R"(
[server]
listen = false
[[step]]
server = "bind"
socket = "listener"
port = 5001
[[step]]
server = "listen"
[[step]]
client = "connect"
[[step]]
server = "accept"
)" + test::expect);
  EXPECT_EQ(std::get<CallStep>(c.steps[1].what).socket, "listener");
}

TEST(Reader, Waits) {
  const Case c = good(head + R"(
[[step]]
name = "dial"
client = "connect"
socket = "two"
background = true
[[step]]
wait = "60ms"
[[step]]
wait = { server = ["SYN_RECV", "ESTABLISHED"], connection = "two" }
within = "5s"
[[step]]
wait = { segment = { flags = "SYN", nth = 2 } }
[[step]]
wait = { call = "dial" }
[[step]]
link = "unplug"
[expect]
final."client:two" = "CLOSED"
)");
  const auto wait = [&](size_t i) { return std::get<WaitStep>(c.steps[i].what); };
  EXPECT_EQ(std::get<Nanos>(wait(1).until), 60ms);
  const auto state = std::get<WaitStep::ForState>(wait(2).until);
  EXPECT_EQ(to_string(state.end), "server:two");
  EXPECT_EQ(state.states.size(), 2u);
  EXPECT_EQ(wait(2).within, Nanos(5s));
  EXPECT_FALSE(wait(3).within);
  EXPECT_EQ(std::get<WaitStep::ForCall>(wait(4).until).step, "dial");
  EXPECT_EQ(std::get<LinkStep>(c.steps[5].what), LinkStep::unplug);
}

TEST(Reader, ACaseIsSlowOnlyWhereItSaysSo) {
  EXPECT_FALSE(good(head + connect + test::expect).slow);
  EXPECT_FALSE(good(head + "slow = false\n" + connect + test::expect).slow);
  EXPECT_TRUE(good(head + "slow = true\n" + connect + test::expect).slow);
}

TEST(Reader, CountsAreOfSegmentsOrOfWhatTheyHave) {
  const auto distinct = [](const std::string& key) {
    return test::expectation<CountExpectation>(
               good(head + connect + "[expect]\ncounts = [{ of = {}, " + key + "is = 1 }]\n"))
        .distinct;
  };
  EXPECT_EQ(distinct(""), std::nullopt);
  EXPECT_EQ(distinct("distinct = \"seq\", "), Distinct::seq);
  EXPECT_EQ(distinct("distinct = \"seq-high-byte\", "), Distinct::seq_high_byte);
  EXPECT_EQ(distinct("distinct = \"port\", "), Distinct::port);
}

TEST(Reader, Expectations) {
  const Case c = good(head + connect + R"(
[expect]
never = [{ has = "RST" }, { from = "server", payload = true }]
states.client = { contains = ["CLOSED", "TIME_WAIT"] }
states.server = ["LISTEN", "SYN_RECV", "LISTEN"]
final.client = "CLOSED"
gaps = [{ of = { flags = "SYN" }, are = "timer:connect" }]
counts = [
  { of = { flags = "SYN" }, is = 6 },
  { of = { flags = "FIN ACK" }, is = "4-6" },
  { of = { flags = "SYN ACK" }, is = "timer:synack" },
]
times = [{ from = { result = "step-1" }, to = { client = "TIME_WAIT" }, is = "1s + 2s" }]
segments = [{ flags = "SYN" }, { flags = "SYN ACK" }]
stream.server = 1000
)");
  ASSERT_EQ(c.expectations.size(), 12u);
  // In the order of the file.
  EXPECT_TRUE(std::holds_alternative<NeverExpectation>(c.expectations[0]));
  EXPECT_TRUE(std::holds_alternative<StreamExpectation>(c.expectations[11]));
  const auto& contains = std::get<StatesExpectation>(c.expectations[2]);
  EXPECT_FALSE(contains.exactly);
  EXPECT_EQ(contains.states, std::vector{TcpState::TIME_WAIT});
  const auto& exact = std::get<StatesExpectation>(c.expectations[3]);
  EXPECT_EQ(exact.states, (std::vector{TcpState::SYN_RECV, TcpState::LISTEN}));
  EXPECT_EQ(exact.end.end, End::server);
  EXPECT_EQ(std::get<GapsExpectation>(c.expectations[5]).timer, "connect");
  EXPECT_EQ(std::get<CountExpectation>(c.expectations[6]).is, (Range{6, 6}));
  EXPECT_EQ(std::get<CountExpectation>(c.expectations[7]).is, (Range{4, 6}));
  EXPECT_EQ(std::get<CountExpectation>(c.expectations[8]).timer, "synack");
  const auto times = test::expectation<TimeExpectation>(c);
  EXPECT_EQ(times.is.sum, (std::vector<Nanos>{1s, 2s}));
  EXPECT_EQ(std::get<Moment::CallEnds>(times.from.what).step, "step-1");
  EXPECT_EQ(test::expectation<SegmentsExpectation>(c).in_order.size(), 2u);
  EXPECT_EQ(test::expectation<StreamExpectation>(c).receiver, ConnectionEnd{End::server});
}

TEST(Reader, TheBeginningOfASequenceMayBeLeftOut) {
  const auto states = [](const std::string& list) {
    return test::expectation<StatesExpectation>(
               good(head + connect + "[expect]\nstates.server = " + list + "\n"))
        .states;
  };
  const std::vector wanted{TcpState::SYN_RECV, TcpState::ESTABLISHED};
  EXPECT_EQ(states(R"(["SYN_RECV", "ESTABLISHED"])"), wanted);
  EXPECT_EQ(states(R"(["LISTEN", "SYN_RECV", "ESTABLISHED"])"), wanted);
  EXPECT_EQ(states(R"(["CLOSED", "LISTEN", "SYN_RECV", "ESTABLISHED"])"), wanted);
  EXPECT_TRUE(states(R"(["LISTEN"])").empty());
}

TEST(Reader, ASocketNameCanBeUsedAgainOnceItIsClosed) {
  (void)good(head + connect + R"(
[[step]]
server = "accept"
[[step]]
server = "close"
[[step]]
client = "connect"
socket = "two"
[[step]]
server = "accept"
[[step]]
client = "close"
socket = "two"
)" + test::expect);
}

TEST(Reader, BothEndsMayConnect) {
  const Case c = good(head + R"(
[client]
listen = false
[server]
listen = false
[[step]]
client = "connect"
port = 4001
background = true
[[step]]
server = "connect"
port = 4002
)" + test::expect);
  EXPECT_EQ(c.steps.size(), 2u);
}

}  // namespace
}  // namespace faultline
