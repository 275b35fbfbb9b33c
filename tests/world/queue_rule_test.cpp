#include "harness/world/queue_rule.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <vector>

#include "tests/world/accept_loop.hpp"
#include "tests/world/sockets.hpp"
#include "tests/world/worker.hpp"

namespace faultline {
namespace {

using namespace test;

TEST(QueueRule, DropsWhereNobodyListens) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    ASSERT_TRUE(add_queue_rules());
    for (const int version : {4, 6}) {
      const Fd listener = listen_at_server(*world, version);
      const Fd client = socket_at(*world, End::client, version, SOCK_STREAM | SOCK_NONBLOCK);
      start_connect(client, server_endpoint(version));
      EXPECT_FALSE(becomes(listener, POLLIN, 100ms)) << "version " << version;
    }
  });
}

TEST(QueueRule, QueuesEachPacketOnce) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    ASSERT_TRUE(add_queue_rules());
    std::atomic<int> syns = 0;
    const AcceptLoop loop([&](const QueuedPacket& packet) {
      if (packet.tcp_flags() == 0x02) ++syns;
      return true;
    });
    const auto four = connect_through(*world, 4);
    EXPECT_EQ(syns, 1);
    const auto six = connect_through(*world, 6);
    EXPECT_EQ(syns, 2);
  });
}

// A datagram of two fragments to a port that nobody has: both fragments cross, and the answer does.
TEST(QueueRule, QueuesFragmentsAndIcmp) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    ASSERT_TRUE(add_queue_rules());
    std::atomic<int> fragments = 0, icmp = 0;
    const AcceptLoop loop([&](const QueuedPacket& packet) {
      if (packet.protocol() == IPPROTO_UDP || packet.protocol() == IPPROTO_FRAGMENT) ++fragments;
      if (packet.protocol() == IPPROTO_ICMP || packet.protocol() == IPPROTO_ICMPV6) ++icmp;
      return true;
    });
    for (const int version : {4, 6}) {
      fragments = icmp = 0;
      const Fd sender = socket_at(*world, End::client, version, SOCK_DGRAM);
      start_connect(sender, server_endpoint(version));
      const std::vector<char> datagram(2000);
      ASSERT_EQ(send(sender.get(), datagram.data(), datagram.size(), 0), 2000);
      EXPECT_TRUE(becomes(sender, POLLERR, 2s));
      EXPECT_EQ(pending_error(sender), ECONNREFUSED) << "version " << version;
      EXPECT_EQ(fragments, 2) << "version " << version;
      EXPECT_EQ(icmp, 1) << "version " << version;
    }
  });
}

}  // namespace
}  // namespace faultline
