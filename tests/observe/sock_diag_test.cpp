#include "harness/observe/sock_diag.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <string>

#include "harness/observe/observer.hpp"
#include "harness/world/netns.hpp"
#include "harness/world/queue_rule.hpp"
#include "tests/world/accept_loop.hpp"
#include "tests/world/sockets.hpp"
#include "tests/world/worker.hpp"

namespace faultline {
namespace {

using namespace test;

// What `ss -tan`, somebody else's reader, prints in that namespace.
std::string ss(int netns) {
  auto text = in_namespace(netns, []() -> Result<std::string> {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return fail_errno("pipe");
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDOUT_FILENO);
    std::string program = "ss", options = "-tanH";
    char* arguments[] = {program.data(), options.data(), nullptr};
    pid_t child = 0;
    const int error = posix_spawnp(&child, "ss", &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return fail("ss: {}", std::strerror(error));
    write_end.reset();
    std::string all;
    std::array<char, 4096> buffer;
    for (ssize_t got; (got = read(read_end.get(), buffer.data(), buffer.size())) > 0;)
      all.append(buffer.data(), static_cast<size_t>(got));
    waitpid(child, nullptr, 0);
    return all;
  });
  if (!text) throw std::runtime_error(text.error().what);
  return *text;
}

// The state that ss gives the connection between these ports, "" for none.
std::string ss_state(int netns, uint16_t local, uint16_t remote) {
  std::istringstream lines(ss(netns));
  for (std::string state, receive, send, here, there;
       lines >> state >> receive >> send >> here >> there;)
    if (here.ends_with(fmt::format(":{}", local)) && there.ends_with(fmt::format(":{}", remote)))
      return state;
  return "";
}

// As /proc/net/tcp numbers them (include/net/tcp_states.h), from 1 on.
constexpr std::array proc_states{TcpState::ESTABLISHED, TcpState::SYN_SENT,   TcpState::SYN_RECV,
                                 TcpState::FIN_WAIT_1,  TcpState::FIN_WAIT_2, TcpState::TIME_WAIT,
                                 TcpState::CLOSED,      TcpState::CLOSE_WAIT, TcpState::LAST_ACK,
                                 TcpState::LISTEN,      TcpState::CLOSING};

// The state that the namespace's /proc/net/tcp or tcp6 gives the connection between these ports.
std::optional<TcpState> proc_state(int netns, int version, uint16_t local, uint16_t remote) {
  const auto lines = in_namespace(netns, [&]() -> Result<std::vector<std::string>> {
    std::ifstream file(version == 4 ? "/proc/thread-self/net/tcp" : "/proc/thread-self/net/tcp6");
    if (!file) return fail("no /proc/net/tcp");
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  });
  if (!lines) throw std::runtime_error(lines.error().what);
  for (const std::string& line : *lines) {
    std::istringstream words(line);
    std::string number, here, there, state;
    words >> number >> here >> there >> state;
    if (here.ends_with(fmt::format(":{:04X}", local)) &&
        there.ends_with(fmt::format(":{:04X}", remote)))
      return proc_states.at(std::stoul(state, nullptr, 16) - 1);
  }
  return {};
}

// One world with a wire that passes everything but what the test says.
class SockDiagTest : public testing::TestWithParam<int> {
 protected:
  struct Scene {
    World world;
    std::atomic<uint8_t> dropped_flags = 0;  // segments with exactly these, after the handshake
    AcceptLoop loop{[this](const QueuedPacket& packet) {
      return dropped_flags == 0 || packet.tcp_flags() != dropped_flags;
    }};
    SockDiag client, server;
  };
  static void in_a_scene(const std::function<void(Scene&, int version)>& body) {
    as_worker([&] {
      auto world = World::build();
      ASSERT_TRUE(world) << world.error().what;
      ASSERT_TRUE(add_queue_rules());
      auto client = SockDiag::open(world->netns(End::client));
      auto server = SockDiag::open(world->netns(End::server));
      ASSERT_TRUE(client && server);
      Scene scene{
          .world = std::move(*world), .client = std::move(*client), .server = std::move(*server)};
      body(scene, GetParam());
    });
  }
};

constexpr uint8_t ack = 0x10;

// Looks until the connection is in that state; states follow a segment that is under way.
StateReading await(SockDiag& diag, const Endpoint& local, const Endpoint& remote, TcpState wanted) {
  StateReading reading;
  for (int tries = 0; tries < 500; ++tries) {
    reading = diag.look(local, remote).value();
    if (reading.state == wanted) return reading;
    poll(nullptr, 0, 2);
  }
  ADD_FAILURE() << "wanted " << to_string(wanted) << ", got "
                << (reading.state ? to_string(*reading.state) : "none");
  return reading;
}

TEST_P(SockDiagTest, SeesBothEndsOfAConnection) {
  in_a_scene([](Scene& scene, int version) {
    const auto made = connect_through(scene.world, version);
    await(scene.client, made.client_at, made.server_at, TcpState::ESTABLISHED);
    await(scene.server, made.server_at, made.client_at, TcpState::ESTABLISHED);
    const auto all = scene.server.dump(version).value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].reading.state, TcpState::LISTEN);
    EXPECT_EQ(all[1].local, made.server_at);
    EXPECT_EQ(all[1].remote, made.client_at);
    EXPECT_EQ(ss_state(scene.world.netns(End::client), made.client_at.port, server_port), "ESTAB");
  });
}

TEST_P(SockDiagTest, AListenerIsNoConnection) {
  in_a_scene([](Scene& scene, int version) {
    const auto listener = listen_at_server(scene.world, version);
    const Endpoint nobody_there{World::address(End::client, version), 40000};
    EXPECT_FALSE(scene.server.look(server_endpoint(version), nobody_there).value().state);
    EXPECT_FALSE(scene.client.look(nobody_there, server_endpoint(version)).value().state);
    EXPECT_FALSE(scene.server.destroy(server_endpoint(version), nobody_there).value());
    EXPECT_EQ(scene.server.dump(version).value().size(), 1U);
  });
}

TEST_P(SockDiagTest, SeesARequestSocket) {
  in_a_scene([](Scene& scene, int version) {
    scene.dropped_flags = ack;
    const auto listener = listen_at_server(scene.world, version);
    const auto client = socket_at(scene.world, End::client, version, SOCK_STREAM | SOCK_NONBLOCK);
    start_connect(client, server_endpoint(version));
    const auto from = local_endpoint(client);
    const auto reading = await(scene.server, server_endpoint(version), from, TcpState::SYN_RECV);
    EXPECT_EQ(reading.timer, 1);
    EXPECT_GT(reading.expires, 500ms);
    EXPECT_LE(reading.expires, 1s);
    EXPECT_EQ(ss_state(scene.world.netns(End::server), server_port, from.port), "SYN-RECV");
  });
}

// The client closes, the server does not: with the default tcp_fin_timeout the closed end is handed
// to a mini-socket as soon as its FIN is acknowledged.
TEST_P(SockDiagTest, SeesAMiniSocketInFinWait2AndTimeWait) {
  in_a_scene([](Scene& scene, int version) {
    auto made = connect_through(scene.world, version);
    const int client_netns = scene.world.netns(End::client);
    made.client.reset();
    const auto waits = await(scene.client, made.client_at, made.server_at, TcpState::FIN_WAIT_2);
    EXPECT_EQ(waits.timer, 3);
    EXPECT_GT(waits.expires, 55s);
    EXPECT_EQ(ss_state(client_netns, made.client_at.port, server_port), "FIN-WAIT-2");
    await(scene.server, made.server_at, made.client_at, TcpState::CLOSE_WAIT);

    made.server.reset();
    const auto closed = await(scene.client, made.client_at, made.server_at, TcpState::TIME_WAIT);
    EXPECT_EQ(closed.timer, 3);
    EXPECT_GT(closed.expires, 55s);
    EXPECT_EQ(ss_state(client_netns, made.client_at.port, server_port), "TIME-WAIT");
    EXPECT_FALSE(scene.server.look(made.server_at, made.client_at).value().state);
  });
}

// What the observer says of both ends, held against the kernel's own listing.
class Listed {
 public:
  Listed(World& world, SockDiag& client, SockDiag& server, Endpoint client_at, Endpoint server_at)
      : world_(world),
        observer_(
            [&](End end, const Endpoint& local, const Endpoint& remote) {
              return (end == End::client ? client : server).look(local, remote);
            },
            [](const Event&) {}, LookTimes(4ms, false)),
        ends_{client_at, server_at} {
    observer_.follow("main", client_at, server_at);
  }

  // Looks until both ends are in these states; no state: there is no connection any more.
  void expect(std::optional<TcpState> client, std::optional<TcpState> server) {
    for (int tries = 0; tries < 5000 && !(is(End::client, client) && is(End::server, server));
         ++tries) {
      poll(nullptr, 0, 2);
      observer_.look_all(++looks_ * 1ms);
    }
    for (const End end : both_ends) {
      const auto wanted = end == End::client ? client : server;
      EXPECT_TRUE(is(end, wanted))
          << to_string(end) << " is not observed in " << (wanted ? to_string(*wanted) : "no state");
      EXPECT_EQ(listed(end), wanted) << to_string(end);
    }
  }

 private:
  bool is(End end, std::optional<TcpState> wanted) const {
    return observer_.state(end, "main").value_or(TcpState::CLOSED) ==
           wanted.value_or(TcpState::CLOSED);
  }
  std::optional<TcpState> listed(End end) const {
    const Endpoint& local = ends_[index(end)];
    return proc_state(world_.netns(end), local.address.version, local.port,
                      ends_[index(other(end))].port);
  }

  World& world_;
  Observer observer_;
  std::array<Endpoint, 2> ends_;
  int looks_ = 0;
};

TEST_P(SockDiagTest, TheObservedStatesAreThoseThatProcLists) {
  using enum TcpState;
  constexpr uint8_t syn = 0x02, fin_ack = 0x11;
  in_a_scene([](Scene& scene, int version) {
    scene.dropped_flags = syn;
    const auto listener = listen_at_server(scene.world, version);
    const auto client = socket_at(scene.world, End::client, version, SOCK_STREAM | SOCK_NONBLOCK);
    start_connect(client, server_endpoint(version));
    Listed listed(scene.world, scene.client, scene.server, local_endpoint(client),
                  server_endpoint(version));
    listed.expect(SYN_SENT, {});
    scene.dropped_flags = ack;
    listed.expect(ESTABLISHED, SYN_RECV);
    scene.dropped_flags = 0;
    ASSERT_TRUE(becomes(listener, POLLIN, 10s));
    const Fd server(accept(listener.get(), nullptr, nullptr));
    listed.expect(ESTABLISHED, ESTABLISHED);
    scene.dropped_flags = fin_ack;
    ASSERT_EQ(shutdown(client.get(), SHUT_WR), 0);
    listed.expect(FIN_WAIT_1, ESTABLISHED);
    scene.dropped_flags = 0;
    listed.expect(FIN_WAIT_2, CLOSE_WAIT);
    scene.dropped_flags = fin_ack;
    ASSERT_EQ(shutdown(server.get(), SHUT_WR), 0);
    listed.expect(FIN_WAIT_2, LAST_ACK);
    scene.dropped_flags = 0;
    listed.expect(TIME_WAIT, {});
  });
}

TEST_P(SockDiagTest, DestroysOneConnection) {
  in_a_scene([](Scene& scene, int version) {
    const auto made = connect_through(scene.world, version);
    EXPECT_TRUE(scene.server.destroy(made.server_at, made.client_at).value());
    EXPECT_EQ(pending_error(made.server), ECONNABORTED);
    EXPECT_FALSE(scene.server.destroy(made.server_at, made.client_at).value());
    EXPECT_EQ(scene.server.dump(version).value().size(), 1U);
  });
}

INSTANTIATE_TEST_SUITE_P(BothFamilies, SockDiagTest, testing::Values(4, 6),
                         [](const auto& family) { return fmt::format("ipv{}", family.param); });

}  // namespace
}  // namespace faultline
