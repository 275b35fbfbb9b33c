// Packets that the kernel drops because nobody takes them: never silently.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/wire/wire_scene.hpp"
#include "tests/world/sockets.hpp"
#include "tests/world/worker.hpp"

namespace faultline {
namespace {

using namespace test;

void flood(const World& world, int count) {
  const Fd udp = socket_at(world, End::client, 4, SOCK_DGRAM);
  start_connect(udp, server_endpoint(4));
  const std::array<char, 1400> payload{};
  for (int i = 0; i < count; ++i) (void)send(udp.get(), payload.data(), payload.size(), 0);
}

// The server also answers, that nobody is there.
size_t arrived(const WireScene& scene) {
  size_t count = 0;
  for (const auto& packet : scene.all<OddPacketEvent>()) count += packet.from == End::client;
  return count;
}

void expect_loss(const WireScene& scene, const std::string& count) {
  const auto troubles = scene.all<TroubleEvent>();
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_EQ(troubles[0].kind, TroubleEvent::Kind::inconclusive);
  EXPECT_NE(troubles[0].what.find("queue overran"), std::string::npos) << troubles[0].what;
  EXPECT_NE(troubles[0].what.find(count), std::string::npos) << troubles[0].what;
}

TEST(WireLosses, AFullQueueIsNoticedThoughTheKernelSaysNothing) {
  as_worker([] {
    WireScene scene({}, {.queue_length = 20});
    flood(scene.world(), 50);
    scene.run_for(100ms);
    EXPECT_EQ(arrived(scene), 20U);
    EXPECT_TRUE(scene.all<TroubleEvent>().empty());
    scene.wire().check_losses();
    scene.wire().check_losses();
    expect_loss(scene, "(30 so far)");
  });
}

// An ordinary user's buffer is no larger than net.core.rmem_max.
TEST(WireLosses, AFullBufferIsNoticedAtOnce) {
  as_worker(
      [] {
        WireScene scene({});
        flood(scene.world(), 15'000);
        scene.run_for(100ms);
        expect_loss(scene, "so far)");
      },
      nobody);
}

TEST(WireLosses, NoneWhereAllWereTaken) {
  as_worker([] {
    WireScene scene({});
    flood(scene.world(), 50);
    scene.run_for(100ms);
    scene.wire().check_losses();
    EXPECT_TRUE(scene.all<TroubleEvent>().empty());
    EXPECT_EQ(arrived(scene), 50U);
  });
}

}  // namespace
}  // namespace faultline
