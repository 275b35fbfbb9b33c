// What the wire leaves alone, and what is left of it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "harness/wire/packet_queue.hpp"
#include "harness/world/netns.hpp"
#include "harness/world/remote_world.hpp"
#include "tests/remote/two_machines.hpp"
#include "tests/world/worker.hpp"

namespace faultline::test {
namespace {

const Address here = *address_from_string(here_v4), there = *address_from_string(there_v4);
constexpr uint16_t taken_port = 20'005, other_port = 20'010;
// Longer than a SYN is retransmitted after.
constexpr milliseconds long_enough{10'000};
// For what must not happen: time in which it could have.
constexpr milliseconds a_while{300};

Fd listen_there(const TwoMachines& machines, uint16_t port) {
  auto listener = in_namespace(machines.netns(), [&]() -> Result<Fd> {
    return listen_on({there, port});
  });
  return std::move(*listener);
}

// A process that takes the segments of a port range and decides about none of them.
class Holder {
 public:
  Holder() {
    int ready[2];
    if (pipe(ready) != 0) return;
    pid_ = fork();
    if (pid_ == 0) hold(ready[1]);
    close(ready[1]);
    char byte = 0;
    holds_ = read(ready[0], &byte, 1) == 1;
    close(ready[0]);
  }
  ~Holder() { kill(); }
  [[nodiscard]] bool holds() const { return holds_; }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  [[noreturn]] static void hold(int ready) {
    const auto queue = PacketQueue::open_free(20'480, 100);
    if (!queue) _exit(1);
    const auto world = RemoteWorld::build({here, there, 20'000, 20'009}, queue->number());
    if (!world || write(ready, "", 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  pid_t pid_ = 0;
  bool holds_ = false;
};

TEST(RemoteWorld, TakesThePortsOfTheCaseAndNothingElse) {
  as_worker([] {
    const TwoMachines machines;
    const Fd taken = listen_there(machines, taken_port), other = listen_there(machines, other_port);
    Holder holder;
    ASSERT_TRUE(holder.holds());
    const Fd to_taken = begin_connect({there, taken_port}), to_other = begin_connect({there, other_port});
    EXPECT_TRUE(is_connected(to_other, long_enough));
    EXPECT_FALSE(is_connected(to_taken, a_while));
    // The other way round: from there to a port of the range here.
    const Fd own = listen_on({here, taken_port});
    auto from_there = in_namespace(machines.netns(), [&]() -> Result<Fd> {
      return begin_connect({here, taken_port});
    });
    ASSERT_TRUE(from_there);
    EXPECT_FALSE(is_connected(*from_there, a_while));
  });
}

TEST(RemoteWorld, LeavesNothingBehindWhenItIsKilled) {
  as_worker([] {
    const TwoMachines machines;
    const Fd listener = listen_there(machines, taken_port);
    Holder holder;
    ASSERT_TRUE(holder.holds());
    const Fd socket = begin_connect({there, taken_port});
    EXPECT_FALSE(is_connected(socket, a_while));
    holder.kill();
    EXPECT_TRUE(is_connected(socket, long_enough));
    // Not for want of a listener: somebody else's at the same number gets nothing.
    auto queue = PacketQueue::open_free(20'480, 100);
    ASSERT_TRUE(queue) << queue.error().what;
    const Fd again = begin_connect({there, taken_port});
    EXPECT_TRUE(is_connected(again, long_enough));
    size_t seen = 0;
    (void)queue->drain([&](const QueuedPacket&) { ++seen; });
    EXPECT_EQ(seen, 0U);
  });
}

TEST(RemoteWorld, LetsPassWhenNobodyListensToItsQueue) {
  as_worker([] {
    const TwoMachines machines;
    const Fd listener = listen_there(machines, taken_port);
    const auto world = RemoteWorld::build({here, there, 20'000, 20'009}, 20'480);
    ASSERT_TRUE(world) << world.error().what;
    const Fd socket = begin_connect({there, taken_port});
    EXPECT_TRUE(is_connected(socket, long_enough));
  });
}

}  // namespace
}  // namespace faultline::test
