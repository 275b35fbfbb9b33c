// send and recv: the stream arrives, and what is wrong with it is found.
#include "tests/stacks/linux_driver.hpp"

namespace faultline {
namespace {

using nlohmann::json;

class Stream : public LinuxDriverTest {
 protected:
  json send_bytes(uint64_t bytes, uint64_t seed, uint64_t offset = 0) {
    return call({{"call", "send"},
                 {"socket", "main"},
                 {"bytes", bytes},
                 {"seed", seed},
                 {"offset", offset}});
  }
  json recv_bytes(uint64_t bytes, uint64_t seed, uint64_t offset = 0) {
    return call({{"call", "recv"},
                 {"socket", "peer"},
                 {"bytes", bytes},
                 {"seed", seed},
                 {"offset", offset}});
  }
};

TEST_F(Stream, ArrivesInPartsThatNeedNotMatch) {
  connect_pair("ipv4");
  EXPECT_EQ(send_bytes(10, 7)["result"], (json{{"bytes", 10}}));
  EXPECT_EQ(send_bytes(90, 7, 10)["result"], (json{{"bytes", 90}}));
  EXPECT_EQ(recv_bytes(33, 7)["result"], (json{{"bytes", 33}, {"eof", false}}));
  EXPECT_EQ(recv_bytes(67, 7, 33)["result"], (json{{"bytes", 67}, {"eof", false}}));
  EXPECT_EQ(recv_bytes(0, 7, 100)["result"], (json{{"bytes", 0}, {"eof", false}}));
}

TEST_F(Stream, OfManyMegabytesArrivesWhileOthersAreServed) {
  connect_pair("ipv6");
  constexpr uint64_t bytes = 20'000'000;
  const uint64_t sending =
      send({{"call", "send"}, {"socket", "main"}, {"bytes", bytes}, {"seed", UINT64_MAX}});
  wait_started(sending);
  EXPECT_TRUE(is_silent());
  const uint64_t receiving = send({{"call", "recv"}, {"socket", "peer"}, {"seed", UINT64_MAX}});
  EXPECT_EQ(reply_to(sending)["result"]["bytes"], bytes);
  (void)call({{"call", "close"}, {"socket", "main"}});
  EXPECT_EQ(reply_to(receiving)["result"], (json{{"bytes", bytes}, {"eof", true}}));
}

TEST_F(Stream, IsCheckedByteForByte) {
  connect_pair("ipv4");
  (void)send_bytes(5000, 7);
  (void)send_bytes(5000, 8, 5000);  // another stream's bytes from offset 5000 on
  const json wrong = recv_bytes(10000, 7)["result"];
  EXPECT_EQ(wrong["bytes"], 10000);
  EXPECT_EQ(wrong["mismatch"], 5000);
  (void)send_bytes(100, 7, 10000);
  EXPECT_FALSE(recv_bytes(100, 7, 10000)["result"].contains("mismatch"));
}

TEST_F(Stream, ThatEndsEarlySaysSo) {
  connect_pair("ipv4");
  (void)send_bytes(10, 7);
  const uint64_t receiving =
      send({{"call", "recv"}, {"socket", "peer"}, {"bytes", 20}, {"seed", 7}});
  wait_started(receiving);
  EXPECT_EQ(call({{"call", "recv"}, {"socket", "peer"}, {"seed", 7}})["error"], "EBUSY");
  (void)call({{"call", "shutdown"}, {"socket", "main"}, {"how", "write"}});
  EXPECT_EQ(reply_to(receiving)["result"], (json{{"bytes", 10}, {"eof", true}}));
}

TEST_F(Stream, ThatBreaksSaysHowFarItCame) {
  connect_pair("ipv4");
  (void)send_bytes(10, 7);
  EXPECT_EQ(recv_bytes(4, 7)["result"]["bytes"], 4);
  const uint64_t receiving =
      send({{"call", "recv"}, {"socket", "peer"}, {"bytes", 20}, {"seed", 7}, {"offset", 4}});
  wait_started(receiving);
  (void)call({{"call", "abort"}, {"socket", "main"}});
  const json broken = reply_to(receiving);
  EXPECT_EQ(broken["error"], "ECONNRESET");
  EXPECT_EQ(broken["result"], (json{{"bytes", 6}, {"eof", false}}));
}

TEST_F(Stream, ThatIsCutShortInSendingSaysHowFarItCame) {
  connect_pair("ipv4");
  const uint64_t sending =
      send({{"call", "send"}, {"socket", "main"}, {"bytes", 100'000'000}, {"seed", 7}});
  wait_started(sending);
  EXPECT_EQ(send_bytes(1, 7)["error"], "EBUSY");
  (void)call({{"call", "abort"}, {"socket", "peer"}});
  const json broken = reply_to(sending);
  EXPECT_EQ(broken["error"], "ECONNRESET");
  EXPECT_GT(broken["result"]["bytes"], 0);
  EXPECT_LT(broken["result"]["bytes"], 100'000'000);
}

}  // namespace
}  // namespace faultline
