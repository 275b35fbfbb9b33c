// What the wire leaves alone, and what is left of it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "harness/wire/packet_queue.hpp"
#include "harness/world/netns.hpp"
#include "harness/world/remote_world.hpp"
#include "stacks/remote/address.hpp"
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

Fd begin_connect_from(uint16_t port, const Endpoint& to) {
  const remote::SocketName from({here, port}), peer(to);
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  EXPECT_EQ(bind(socket.get(), from.get(), from.size()), 0);
  EXPECT_TRUE(connect(socket.get(), peer.get(), peer.size()) == 0 || errno == EINPROGRESS);
  return socket;
}

const RemoteLink ports_of_a_case{here, there, 20'000, 20'009};

// A process that takes the segments of a case's ports and decides about none of them.
class Holder {
 public:
  explicit Holder(const RemoteLink& link = ports_of_a_case) {
    int ready[2];
    if (pipe(ready) != 0) return;
    pid_ = fork();
    if (pid_ == 0) hold(link, ready[1]);
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
  [[noreturn]] static void hold(const RemoteLink& link, int ready) {
    const auto queue = PacketQueue::open_free(20'480, 100);
    if (!queue) _exit(1);
    const auto world = RemoteWorld::build(link, queue->number());
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
    const auto world = RemoteWorld::build(ports_of_a_case, 20'480);
    ASSERT_TRUE(world) << world.error().what;
    const Fd socket = begin_connect({there, taken_port});
    EXPECT_TRUE(is_connected(socket, long_enough));
  });
}

constexpr uint16_t service_port = 9000;
const RemoteLink with_a_service{here, there, 20'000, 20'009, service_port};

// Others may be talking to the service, too.
TEST(RemoteWorld, OfAServiceTakesTheConnectionsOfTheCaseAndNoOthers) {
  as_worker([] {
    const TwoMachines machines;
    const Fd service = listen_there(machines, service_port);
    Holder holder(with_a_service);
    ASSERT_TRUE(holder.holds());
    const Fd bystander = begin_connect({there, service_port}),
             own = begin_connect_from(taken_port, {there, service_port});
    EXPECT_TRUE(is_connected(bystander, long_enough));
    EXPECT_FALSE(is_connected(own, a_while));
  });
}

TEST(RemoteWorld, OfAServiceEndsTheConnectionsOfTheCaseAndNoOthers) {
  as_worker([] {
    const TwoMachines machines;
    const Fd service = listen_there(machines, service_port);
    const Fd bystander = begin_connect({there, service_port}),
             own = begin_connect_from(taken_port, {there, service_port});
    EXPECT_TRUE(is_connected(bystander, long_enough));
    EXPECT_TRUE(is_connected(own, long_enough));
    { EXPECT_TRUE(RemoteWorld::build(with_a_service, 20'480)); }
    EXPECT_EQ(send(bystander.get(), "x", 1, MSG_NOSIGNAL), 1);
    EXPECT_EQ(send(own.get(), "x", 1, MSG_NOSIGNAL), -1);
    EXPECT_EQ(errno, ECONNABORTED);
  });
}

}  // namespace
}  // namespace faultline::test
