#include "harness/world/world.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <vector>

#include "harness/observe/sock_diag.hpp"
#include "harness/world/queue_rule.hpp"
#include "tests/world/accept_loop.hpp"
#include "tests/world/sockets.hpp"
#include "tests/world/worker.hpp"

namespace faultline {
namespace {

using namespace test;

// Connects at once in both families: an address that is still being probed, a neighbour that must
// be found, or a link that is not up yet would cost a retransmission.
void expect_a_world_that_works() {
  auto world = World::build();
  ASSERT_TRUE(world) << world.error().what;
  const auto method = add_queue_rules();
  ASSERT_TRUE(method) << method.error().what;
  const AcceptLoop loop;
  for (const int version : {4, 6}) {
    const auto connection = connect_through(*world, version);
    EXPECT_EQ(connection.client_at.address, World::address(End::client, version));
    tcp_info info{};
    socklen_t size = sizeof info;
    ASSERT_EQ(getsockopt(connection.client.get(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
    EXPECT_EQ(info.tcpi_total_retrans, 0U) << "version " << version;
    EXPECT_EQ(info.tcpi_snd_mss, version == 4 ? 1448U : 1428U);
  }
}

TEST(World, WorksAsRootOrWhoeverRunsThis) {
  as_worker(expect_a_world_that_works);
}
TEST(World, WorksAsAnOrdinaryUser) {
  as_worker(expect_a_world_that_works, nobody);
}

TEST(World, AddressesAreThoseOfTheMap) {
  EXPECT_EQ(to_string(World::address(End::client, 4)), "192.0.2.2");
  EXPECT_EQ(to_string(World::address(End::server, 4)), "198.51.100.2");
  EXPECT_EQ(to_string(World::address(End::client, 6)), "2001:db8:1::2");
  EXPECT_EQ(to_string(World::address(End::server, 6)), "2001:db8:2::2");
}

TEST(World, TheWireSeesSegmentsAsARealOneWould) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    ASSERT_TRUE(add_queue_rules());
    std::atomic<bool> unfinished = false, super = false;
    std::atomic<size_t> longest = 0;
    const AcceptLoop loop([&](const QueuedPacket& packet) {
      unfinished = unfinished || packet.checksum_unfinished;
      super = super || packet.super_packet;
      longest = std::max<size_t>(longest, packet.bytes.size());
      return true;
    });
    const auto connection = connect_through(*world, 4);
    const std::vector<char> sent(100'000);
    ASSERT_GT(send(connection.client.get(), sent.data(), sent.size(), 0), 10'000);
    std::vector<char> received(10'000);
    ASSERT_EQ(recv(connection.server.get(), received.data(), received.size(), MSG_WAITALL), 10'000);
    EXPECT_FALSE(unfinished);
    EXPECT_FALSE(super);
    EXPECT_EQ(longest, 1500U);
  });
}

TEST(World, LeavesANetworkThatIsInUseAlone) {
  as_worker([] {
    const auto first = World::build();
    ASSERT_TRUE(first) << first.error().what;
    const auto second = World::build();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().what,
              "this network namespace is in use; a world is built in a new one");
  });
}

TEST(World, PortsTellTheLinksApart) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    const auto &client = world->port(End::client), &server = world->port(End::server);
    EXPECT_GT(client.ifindex, 1);
    EXPECT_NE(client.ifindex, server.ifindex);
    EXPECT_NE(client.destination, server.destination);
    EXPECT_NE(client.source, client.destination);
  });
}

size_t sockets_left(const World& world) {
  size_t left = 0;
  for (const End end : both_ends) {
    auto diag = SockDiag::open(world.netns(end));
    if (!diag) throw std::runtime_error(diag.error().what);
    for (const int version : {4, 6}) left += diag->dump(version).value().size();
  }
  return left;
}

// What a case can leave: a listener, connections, and an orphan whose FIN gets no acknowledgement.
TEST(World, DestroysTheSocketsOfBothEnds) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    ASSERT_TRUE(add_queue_rules());
    std::atomic<bool> pass = true;
    const AcceptLoop loop([&](const QueuedPacket&) { return pass.load(); });
    const auto open_one = connect_through(*world, 6);
    auto orphan = connect_through(*world, 4);
    pass = false;
    orphan.client.reset();
    orphan.server.reset();
    EXPECT_EQ(sockets_left(*world), 6U);
    world->destroy_sockets();
    EXPECT_EQ(sockets_left(*world), 0U);
    EXPECT_EQ(pending_error(open_one.client), ECONNABORTED);
  });
}

}  // namespace
}  // namespace faultline
