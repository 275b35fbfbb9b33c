#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/drive/protocol.hpp"
#include "tests/stacks/linux_driver.hpp"

namespace faultline {
namespace {

using nlohmann::json;

class OnLoopback : public LinuxDriverTest, public testing::WithParamInterface<const char*> {
 protected:
  // A port that nobody listens at.
  uint16_t closed_port() {
    const json bound =
        call({{"call", "bind"}, {"socket", "holder"}, {"address", loopback(GetParam())}});
    return bound["result"]["local_port"];
  }
};
INSTANTIATE_TEST_SUITE_P(Families, OnLoopback, testing::Values("ipv4", "ipv6"),
                         [](const auto& family) { return std::string(family.param); });

TEST_P(OnLoopback, ConnectsAndAccepts) {
  connect_pair(GetParam());
  EXPECT_EQ(call({{"call", "getsockopt"},
                  {"socket", "main"},
                  {"option", "TCP_INFO"},
                  {"field", "tcpi_state"}})["result"]["value"],
            1);  // ESTABLISHED
}

TEST_P(OnLoopback, ConnectIsRefusedByName) {
  const json reply = call({{"call", "connect"},
                           {"socket", "main"},
                           {"address", loopback(GetParam())},
                           {"port", closed_port()}});
  EXPECT_EQ(reply["error"], "ECONNREFUSED");
  EXPECT_LE(reply["began"], reply["ended"]);
}

TEST_P(OnLoopback, TheLocalEndCanBeChosen) {
  connect_pair(GetParam());
  const uint16_t mine = closed_port();
  (void)call({{"call", "close"}, {"socket", "holder"}});
  const json reply = call({{"call", "connect"},
                           {"socket", "second"},
                           {"family", GetParam()},
                           {"address", loopback(GetParam())},
                           {"port", port},
                           {"local_port", mine}});
  EXPECT_EQ(reply["result"]["local_port"], mine);
  EXPECT_EQ(reply["result"]["local_address"], loopback(GetParam()));
}

TEST_P(OnLoopback, AddressesInUseAreReported) {
  connect_pair(GetParam());
  const json request{
      {"call", "listen"}, {"socket", "other"}, {"address", loopback(GetParam())}, {"port", port}};
  EXPECT_EQ(call(request)["error"], "EADDRINUSE");
  EXPECT_EQ(call({{"call", "close"}, {"socket", "other"}})["error"], "EBADF");  // gone with it
}

TEST_P(OnLoopback, AnAcceptBlocksWhileOthersAreMade) {
  const json listening =
      call({{"call", "listen"}, {"socket", "listener"}, {"address", loopback(GetParam())}});
  const uint64_t accept = send({{"call", "accept"}, {"from", "listener"}, {"socket", "peer"}});
  wait_started(accept);
  EXPECT_TRUE(is_silent());
  EXPECT_EQ(call({{"call", "accept"}, {"from", "listener"}, {"socket", "b"}})["error"], "EBUSY");
  EXPECT_EQ(call({{"call", "recv"}, {"socket", "peer"}, {"seed", 1}})["error"], "EBADF");
  (void)call({{"call", "connect"},
              {"socket", "main"},
              {"address", loopback(GetParam())},
              {"port", listening["result"]["local_port"]}});
  const json accepted = reply_to(accept);
  EXPECT_EQ(accepted["result"]["peer_address"], loopback(GetParam()));
  EXPECT_LT(accepted["began"], accepted["ended"]);
}

TEST_P(OnLoopback, SocketBindListenMayBeSeparateCalls) {
  EXPECT_TRUE(
      call({{"call", "socket"}, {"socket", "l"}, {"family", GetParam()}}).contains("result"));
  EXPECT_EQ(call({{"call", "socket"}, {"socket", "l"}, {"family", GetParam()}})["error"], "EEXIST");
  const json bound = call({{"call", "bind"}, {"socket", "l"}, {"address", loopback(GetParam())}});
  const json listening = call({{"call", "listen"}, {"socket", "l"}, {"backlog", 2}});
  EXPECT_EQ(bound["result"], listening["result"]);
  EXPECT_GT(bound["result"]["local_port"], 0);
}

TEST_F(LinuxDriverTest, SaysHello) {
  utsname system{};
  uname(&system);
  EXPECT_EQ(hello, (json{{"event", "hello"},
                         {"protocol", 1},
                         {"stack", "linux"},
                         {"version", system.release},
                         {"clock", "CLOCK_MONOTONIC"},
                         {"pid", getpid()}}));
}

TEST_F(LinuxDriverTest, AcceptNeedsAFreeName) {
  connect_pair("ipv4");
  EXPECT_EQ(call({{"call", "accept"}, {"from", "listener"}, {"socket", "main"}})["error"],
            "EEXIST");
  EXPECT_EQ(call({{"call", "accept"}, {"from", "nobody"}, {"socket", "x"}})["error"], "EBADF");
  EXPECT_EQ(call({{"call", "accept"}, {"from", "main"}, {"socket", "x"}})["error"], "EINVAL");
  // The name is free again after the failure, and is being waited for after a start.
  const uint64_t waiting = send({{"call", "accept"}, {"from", "listener"}, {"socket", "x"}});
  wait_started(waiting);
  EXPECT_EQ(call({{"call", "socket"}, {"socket", "x"}, {"family", "ipv4"}})["error"], "EEXIST");
  (void)call({{"call", "close"}, {"socket", "listener"}});
  EXPECT_EQ(reply_to(waiting)["error"], "ECANCELED");
  EXPECT_TRUE(call({{"call", "socket"}, {"socket", "x"}, {"family", "ipv4"}}).contains("result"));
}

TEST_F(LinuxDriverTest, EveryOptionCanBeSetAndRead) {
  connect_pair("ipv4");
  const std::map<std::string, std::pair<int, int>> cases{
      // what is set, what is then read
      {"TCP_USER_TIMEOUT", {5000, 5000}},
      {"TCP_SYNCNT", {3, 3}},
      {"TCP_LINGER2", {7, 7}},
      {"SO_KEEPALIVE", {1, 1}},
      {"TCP_KEEPIDLE", {9, 9}},
      {"TCP_KEEPINTVL", {4, 4}},
      {"TCP_KEEPCNT", {2, 2}},
      {"TCP_NODELAY", {1, 1}},
      {"TCP_CORK", {1, 1}},
      {"TCP_QUICKACK", {1, 1}},
      {"SO_LINGER", {3, 3}},
      {"SO_SNDBUF", {8192, 16384}},
      {"SO_RCVBUF", {8192, 16384}},
      {"SO_REUSEADDR", {0, 0}},
  };
  for (const auto& [name, values] : cases) {
    const json set = call(
        {{"call", "setsockopt"}, {"socket", "main"}, {"option", name}, {"value", values.first}});
    EXPECT_TRUE(set.contains("result")) << name << set;
    const json got = call({{"call", "getsockopt"}, {"socket", "main"}, {"option", name}});
    EXPECT_EQ(got["result"]["value"], values.second) << name;
  }
  for (const std::string_view name : protocol::options) {
    EXPECT_TRUE(
        call({{"call", "getsockopt"}, {"socket", "main"}, {"option", name}}).contains("result"))
        << name;
  }
  (void)call({{"call", "setsockopt"}, {"socket", "main"}, {"option", "SO_LINGER"}, {"value", -1}});
  EXPECT_EQ(
      call(
          {{"call", "getsockopt"}, {"socket", "main"}, {"option", "SO_LINGER"}})["result"]["value"],
      -1);
}

TEST_F(LinuxDriverTest, FastOpenIsAskedForBeforeConnect) {
  (void)call({{"call", "socket"}, {"socket", "x"}, {"family", "ipv4"}});
  const json set = call({{"call", "setsockopt"},
                         {"socket", "x"},
                         {"option", "TCP_FASTOPEN_CONNECT"},
                         {"value", 1}});
  EXPECT_TRUE(set.contains("result")) << set;
  const json got =
      call({{"call", "getsockopt"}, {"socket", "x"}, {"option", "TCP_FASTOPEN_CONNECT"}});
  EXPECT_EQ(got["result"]["value"], 1);
}

TEST_F(LinuxDriverTest, OptionsAreSetBeforeTheCall) {
  connect_pair("ipv4", {{"TCP_MAXSEG", 600}, {"TCP_DEFER_ACCEPT", 0}});
  const auto segment_size = [this](const char* field) -> int {
    return call({{"call", "getsockopt"},
                 {"socket", "main"},
                 {"option", "TCP_INFO"},
                 {"field", field}})["result"]["value"];
  };
  EXPECT_LE(segment_size("tcpi_snd_mss"), 600);  // as announced in the listener's SYN-ACK
  EXPECT_EQ(call({{"call", "connect"},
                  {"socket", "other"},
                  {"address", "127.0.0.1"},
                  {"port", port},
                  {"options", {{"TCP_SYNCNT", 0}}}})["error"],
            "EINVAL");
  EXPECT_TRUE(call({{"call", "connect"},
                    {"socket", "other"},
                    {"address", "127.0.0.1"},
                    {"port", port},
                    {"options", {{"TCP_FLUX", 1}}}})
                  .contains("unsupported"));
  EXPECT_EQ(call({{"call", "close"}, {"socket", "other"}})["error"], "EBADF");
}

TEST_F(LinuxDriverTest, TcpInfoIsReadByField) {
  connect_pair("ipv4");
  const auto read = [this](const char* field) {
    return call(
        {{"call", "getsockopt"}, {"socket", "main"}, {"option", "TCP_INFO"}, {"field", field}});
  };
  EXPECT_GE(read("tcpi_rto")["result"]["value"], 200'000);
  EXPECT_GT(read("tcpi_snd_cwnd")["result"]["value"], 0);
  EXPECT_EQ(read("tcpi_retransmits")["result"]["value"], 0);
  EXPECT_EQ(read("tcpi_total_retrans")["result"]["value"], 0);
  EXPECT_GT(read("tcpi_pacing_rate")["result"]["value"], 0);
  EXPECT_TRUE(read("tcpi_snd_wscale").contains("result"));
  EXPECT_EQ(read("tcpi_wishes")["unsupported"], "TCP_INFO has no tcpi_wishes");
  EXPECT_EQ(call({{"call", "getsockopt"}, {"socket", "main"}, {"option", "TCP_INFO"}})["error"],
            "EINVAL");
}

TEST_F(LinuxDriverTest, CloseLetsTheNameGoAndCutsShort) {
  connect_pair("ipv4");
  const uint64_t recv = send({{"call", "recv"}, {"socket", "main"}, {"seed", 1}});
  wait_started(recv);
  EXPECT_TRUE(call({{"call", "close"}, {"socket", "main"}}).contains("result"));
  const json cut = reply_to(recv);
  EXPECT_EQ(cut["error"], "ECANCELED");
  EXPECT_EQ(cut["result"]["bytes"], 0);
  EXPECT_EQ(call({{"call", "close"}, {"socket", "main"}})["error"], "EBADF");
  EXPECT_EQ(call({{"call", "recv"}, {"socket", "peer"}, {"seed", 1}})["result"],
            (json{{"bytes", 0}, {"eof", true}}));
}

TEST_F(LinuxDriverTest, AbortResets) {
  connect_pair("ipv6");
  const uint64_t recv = send({{"call", "recv"}, {"socket", "peer"}, {"seed", 1}});
  wait_started(recv);
  EXPECT_TRUE(call({{"call", "abort"}, {"socket", "main"}}).contains("result"));
  EXPECT_EQ(reply_to(recv)["error"], "ECONNRESET");
}

TEST_F(LinuxDriverTest, ShutdownHasThreeWays) {
  connect_pair("ipv4");
  EXPECT_EQ(call({{"call", "shutdown"}, {"socket", "main"}, {"how", "up"}})["error"], "EINVAL");
  EXPECT_TRUE(
      call({{"call", "shutdown"}, {"socket", "main"}, {"how", "write"}}).contains("result"));
  EXPECT_EQ(call({{"call", "send"}, {"socket", "main"}, {"bytes", 1}, {"seed", 1}})["error"],
            "EPIPE");
  EXPECT_EQ(call({{"call", "recv"}, {"socket", "peer"}, {"seed", 1}})["result"]["eof"], true);
  const uint64_t recv = send({{"call", "recv"}, {"socket", "main"}, {"seed", 1}});
  wait_started(recv);
  EXPECT_TRUE(call({{"call", "shutdown"}, {"socket", "main"}, {"how", "read"}}).contains("result"));
  EXPECT_EQ(reply_to(recv)["result"]["eof"], true);
  EXPECT_TRUE(call({{"call", "shutdown"}, {"socket", "peer"}, {"how", "both"}}).contains("result"));
}

// The peer does not read, so the close waits for what is unsent until SO_LINGER's second is over.
TEST_F(LinuxDriverTest, ALingeringCloseBlocksNothingElse) {
  connect_pair("ipv4", {{"SO_RCVBUF", 4096}});
  (void)call({{"call", "setsockopt"}, {"socket", "main"}, {"option", "SO_LINGER"}, {"value", 1}});
  wait_started(send({{"call", "send"}, {"socket", "main"}, {"bytes", 100'000'000}, {"seed", 1}}));
  const uint64_t close = send({{"call", "close"}, {"socket", "main"}});
  wait_started(close);
  EXPECT_EQ(call({{"call", "close"}, {"socket", "main"}})["error"], "EBADF");
  EXPECT_TRUE(call({{"call", "getsockopt"}, {"socket", "peer"}, {"option", "TCP_NODELAY"}})
                  .contains("result"));
  const json closed = reply_to(close);
  EXPECT_TRUE(closed.contains("result")) << closed;
  const int64_t took = closed["ended"].get<int64_t>() - closed["began"].get<int64_t>();
  EXPECT_GE(took, 900'000'000);
  EXPECT_LT(took, 10'000'000'000);
}

TEST_F(LinuxDriverTest, ALingeringCloseDoesNotHoldUpTheEnd) {
  connect_pair("ipv4", {{"SO_RCVBUF", 4096}});
  (void)call({{"call", "setsockopt"}, {"socket", "main"}, {"option", "SO_LINGER"}, {"value", 60}});
  (void)call({{"call", "setsockopt"}, {"socket", "peer"}, {"option", "SO_LINGER"}, {"value", 60}});
  wait_started(send({{"call", "send"}, {"socket", "main"}, {"bytes", 100'000'000}, {"seed", 1}}));
  wait_started(send({{"call", "send"}, {"socket", "peer"}, {"bytes", 100'000'000}, {"seed", 1}}));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(hang_up(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(LinuxDriverTest, ExitAnswersAndEnds) {
  EXPECT_EQ(call({{"call", "exit"}})["result"], json::object());
  EXPECT_TRUE(next().is_null());
}

}  // namespace
}  // namespace faultline
