// The loop around the queue, with two kernel endpoints.
#include "harness/wire/wire.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

#include "tests/wire/wire_scene.hpp"
#include "tests/world/sockets.hpp"
#include "tests/world/worker.hpp"

namespace faultline {
namespace {

using namespace test;
using nlohmann::json;

std::string bytes_of(size_t length, size_t offset = 0) {
  std::string text;
  for (size_t i = 0; i < length; ++i) text += static_cast<char>('a' + (offset + i) % 23);
  return text;
}

// A connection through the wire, whose ends take part while the loop turns.
struct Talk {
  WireScene& scene;
  Fd listener, client, server;

  explicit Talk(WireScene& the_scene, int version = 4)
      : scene(the_scene),
        listener(listen_at_server(scene.world(), version)),
        client(socket_at(scene.world(), End::client, version, SOCK_STREAM | SOCK_NONBLOCK)) {
    const int on = 1;
    setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    start_connect(client, server_endpoint(version));
  }
  bool establish(Nanos within = 5s) {
    if (!scene.run_until([&] { return becomes(listener, POLLIN, 0s); }, within)) return false;
    server = Fd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    return static_cast<bool>(server);
  }
  // As segments of their own, in this order.
  void send_each(const std::vector<std::string>& parts) const {
    for (const std::string& part : parts)
      EXPECT_EQ(send(client.get(), part.data(), part.size(), 0), static_cast<ssize_t>(part.size()));
  }
  // What the server has received once it is that much.
  std::string received(size_t length, Nanos within = 5s) {
    std::string all;
    std::array<char, 4096> some{};
    scene.run_until(
        [&] {
          for (ssize_t got; (got = recv(server.get(), some.data(), some.size(), 0)) > 0;)
            all.append(some.data(), static_cast<size_t>(got));
          return all.size() >= length;
        },
        within);
    return all;
  }
};

std::vector<SegmentEvent> payload_of_client(const WireScene& scene) {
  auto segments = scene.all<SegmentEvent>();
  std::erase_if(segments, [](const SegmentEvent& s) {
    return s.facts.from != End::client || s.segment.payload_length == 0;
  });
  return segments;
}

json client_payload() {
  return {{"from", "client"}, {"payload", true}};
}

void expect_passing(int version) {
  WireScene scene({});
  Talk talk(scene, version);
  ASSERT_TRUE(talk.establish());
  const std::string sent = bytes_of(20'000);
  talk.send_each({sent});
  EXPECT_EQ(talk.received(sent.size()), sent);
  const auto segments = scene.all<SegmentEvent>();
  ASSERT_GT(segments.size(), 15U);
  EXPECT_EQ(segments[0].segment.flags.bits & Flags::syn, Flags::syn);
  Nanos last = 0s;
  for (size_t i = 0; i < segments.size(); ++i) {
    EXPECT_EQ(segments[i].fate, "pass");
    EXPECT_EQ(segments[i].rule, Decision::no_rule);
    EXPECT_EQ(segments[i].id, i + 1);
    EXPECT_EQ(segments[i].facts.connection, "main");
    EXPECT_TRUE(segments[i].segment.checksum_ok);
    // Two processors may stamp what they queue in the other order.
    EXPECT_GE(segments[i].time, last - 100us) << "segment " << i + 1;
    EXPECT_LE(segments[i].time, scene.now());
    last = segments[i].time;
  }
  EXPECT_TRUE(scene.all<TroubleEvent>().empty());
}

TEST(Wire, LetsPassAndStampsInOrder) {
  for (const int version : {4, 6}) as_worker([=] { expect_passing(version); });
}
TEST(Wire, WorksAsAnOrdinaryUser) {
  as_worker([] { expect_passing(4); }, nobody);
}

TEST(Wire, WhatItDropsIsSentAgain) {
  as_worker([] {
    std::vector<EngineRule> rules;
    rules.push_back(rule({{"from", "client"}, {"flags", "SYN"}}, "drop", 1));
    WireScene scene(std::move(rules));
    Talk talk(scene);
    ASSERT_TRUE(talk.establish());
    const auto segments = scene.all<SegmentEvent>();
    EXPECT_EQ(segments[0].fate, "drop");
    EXPECT_EQ(segments[0].rule, 0);
    EXPECT_EQ(segments[1].fate, "pass");
    EXPECT_TRUE(segments[1].facts.retransmission);
    // RFC 6298 2.1: one second; a timer that is due in a second is at most an eighth late.
    EXPECT_GE(segments[1].time - segments[0].time, 999ms);
    EXPECT_LE(segments[1].time - segments[0].time, 1200ms);
  });
}

TEST(Wire, DelaysByWhatWasAsked) {
  as_worker([] {
    std::vector<EngineRule> rules;
    rules.push_back(rule(client_payload(), "delay", "100ms"));
    WireScene scene(std::move(rules));
    Talk talk(scene);
    ASSERT_TRUE(talk.establish());
    talk.send_each({"late"});
    EXPECT_EQ(talk.received(4), "late");
    const auto held = payload_of_client(scene);
    const auto sent = scene.all<EmissionEvent>();
    ASSERT_EQ(held.size(), 1U);
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(held[0].fate, "hold");
    EXPECT_EQ(sent[0].of, held[0].id);
    EXPECT_EQ(sent[0].toward, End::server);
    EXPECT_EQ(sent[0].why, "delayed");
    EXPECT_GE(sent[0].time - held[0].time, 100ms);
    EXPECT_LE(sent[0].time - held[0].time, 150ms);
  });
}

TEST(Wire, AHeldSegmentLeavesRightAfterTheOneThatReleasesIt) {
  as_worker([] {
    std::vector<EngineRule> rules;
    auto first = client_payload();
    first["nth"] = 1;
    rules.push_back(rule(first, "hold", {{"passed", 2}}));
    WireScene scene(std::move(rules), {.states = true});
    Talk talk(scene);
    ASSERT_TRUE(talk.establish());
    talk.send_each({"one", "two", "three", "four"});
    EXPECT_EQ(talk.received(15), "onetwothreefour");
    const auto& events = scene.events();
    const auto emission = std::ranges::find_if(
        events, [](const Event& event) { return std::holds_alternative<EmissionEvent>(event); });
    ASSERT_NE(emission, events.end());
    const auto data = payload_of_client(scene);
    EXPECT_EQ(std::get<EmissionEvent>(*emission).of, data[0].id);
    // Two overtook it, and the server said so: it acknowledged them selectively.
    const auto overtook = std::count_if(events.begin(), emission, [&](const Event& event) {
      const auto* segment = std::get_if<SegmentEvent>(&event);
      return segment != nullptr && segment->facts.from == End::client &&
             segment->segment.payload_length > 0 && segment->fate == "pass";
    });
    EXPECT_EQ(overtook, 2);
    EXPECT_TRUE(scene.run_until([&] {
      return std::ranges::any_of(scene.all<SegmentEvent>(), [](const SegmentEvent& s) {
        return s.facts.from == End::server && !s.segment.sack.empty();
      });
    }));
  });
}

// The kernel does not retransmit what it finds still in a queue of its own (skb_still_in_host_queue
// in net/ipv4/tcp_output.c). What the wire holds is in none: after 200 ms (the least RTO), then
// twice as long each time, 0, 0.2, 0.6, 1.4 and 3.0 s make five transmissions in 3.2 s.
TEST(Wire, TheSenderGoesOnRetransmittingWhileASegmentIsHeld) {
  as_worker([] {
    std::vector<EngineRule> rules;
    rules.push_back(
        rule(client_payload(), "hold", {{"until", {{"from", "server"}, {"has", "FIN"}}}}));
    WireScene scene(std::move(rules));
    Talk talk(scene);
    ASSERT_TRUE(talk.establish());
    scene.run_for(50ms);  // the last ACK of the handshake
    talk.send_each({"data"});
    EXPECT_EQ(talk.received(4, 3300ms), "");
    EXPECT_EQ(payload_of_client(scene).size(), 5U);
    EXPECT_EQ(scene.engine().held(0), 5U);
    EXPECT_TRUE(scene.all<EmissionEvent>().empty());

    ASSERT_EQ(shutdown(talk.server.get(), SHUT_WR), 0);
    EXPECT_EQ(talk.received(4), "data");
    const auto released = scene.all<EmissionEvent>();
    ASSERT_EQ(released.size(), 5U);
    for (size_t i = 0; i < released.size(); ++i)
      EXPECT_EQ(released[i].of, payload_of_client(scene)[i].id);
  });
}

TEST(Wire, ADuplicateArrivesTwice) {
  as_worker([] {
    std::vector<EngineRule> rules;
    rules.push_back(rule(client_payload(), "duplicate", 2));
    WireScene scene(std::move(rules));
    Talk talk(scene);
    ASSERT_TRUE(talk.establish());
    talk.send_each({"twice"});
    EXPECT_EQ(talk.received(5), "twice");
    // Each copy is answered by a D-SACK (RFC 2883), whose first block is what came again.
    const auto d_sacks = [&] {
      return std::ranges::count_if(scene.all<SegmentEvent>(), [](const SegmentEvent& s) {
        return s.facts.from == End::server && !s.segment.sack.empty() &&
               distance(s.segment.sack[0].left, s.segment.ack) == 5;
      });
    };
    EXPECT_TRUE(scene.run_until([&] { return d_sacks() >= 1; }));
    EXPECT_EQ(scene.all<EmissionEvent>().size(), 2U);
    EXPECT_EQ(scene.all<EmissionEvent>()[0].why, "duplicate");
  });
}

TEST(Wire, AnUnpluggedLinkLosesEverythingUntilItIsPlugged) {
  as_worker([] {
    WireScene scene({});
    Talk talk(scene);
    ASSERT_TRUE(talk.establish());
    scene.run_for(50ms);
    scene.wire().link(false);
    talk.send_each({"through"});
    EXPECT_EQ(talk.received(7, 300ms), "");
    for (const SegmentEvent& segment : payload_of_client(scene)) {
      EXPECT_EQ(segment.fate, "drop");
      EXPECT_EQ(segment.rule, Decision::unplugged);
    }
    EXPECT_GE(payload_of_client(scene).size(), 2U);
    scene.wire().link(true);
    EXPECT_EQ(talk.received(7), "through");
    const auto links = scene.all<LinkEvent>();
    ASSERT_EQ(links.size(), 2U);
    EXPECT_FALSE(links[0].up);
    EXPECT_TRUE(links[1].up);
  });
}

TEST(Wire, StatesAreThoseBeforeASegmentCrossesAndAfterIt) {
  as_worker([] {
    WireScene scene({}, {.states = true});
    Talk talk(scene);
    ASSERT_TRUE(talk.establish());
    scene.run_for(50ms);
    const auto segments = scene.all<SegmentEvent>();
    ASSERT_GE(segments.size(), 3U);
    const auto states = [&](size_t i) { return segments[i].facts.states; };
    EXPECT_EQ(states(0)[0], TcpState::SYN_SENT);
    EXPECT_EQ(states(0)[1], std::nullopt);
    EXPECT_EQ(states(1)[0], TcpState::SYN_SENT);
    EXPECT_EQ(states(1)[1], TcpState::SYN_RECV);
    EXPECT_EQ(states(2)[0], TcpState::ESTABLISHED);
    EXPECT_EQ(states(2)[1], TcpState::SYN_RECV);
    EXPECT_EQ(scene.all<StateEvent>().back().state, TcpState::ESTABLISHED);
    EXPECT_EQ(scene.all<StateEvent>().size(), 4U);
  });
}

std::vector<EmissionEvent> made_by_wire(const WireScene& scene) {
  auto emissions = scene.all<EmissionEvent>();
  std::erase_if(emissions, [](const EmissionEvent& e) { return e.head.empty(); });
  return emissions;
}

// The error that is waiting at a socket, or 0.
int error_of(const Fd& fd) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

TEST(Wire, WhatItCorruptsIsSentAgainByItsSender) {
  for (const int version : {4, 6})
    as_worker([=] {
      json first = client_payload();
      first["nth"] = 1;
      std::vector<EngineRule> rules;
      rules.push_back(rule(first, "corrupt", {{"payload", 0}}));
      WireScene scene(std::move(rules));
      Talk talk(scene, version);
      ASSERT_TRUE(talk.establish());
      talk.send_each({"hello"});
      EXPECT_EQ(talk.received(5), "hello");
      const auto sent = payload_of_client(scene);
      ASSERT_GE(sent.size(), 2U);
      EXPECT_EQ(sent[0].fate, "change");
      EXPECT_TRUE(sent[0].segment.checksum_ok);
      EXPECT_TRUE(sent[1].facts.retransmission);
      const auto made = made_by_wire(scene);
      ASSERT_EQ(made.size(), 1U);
      EXPECT_EQ(made[0].of, sent[0].id);
      EXPECT_EQ(made[0].why, "corrupted");
      ASSERT_TRUE(made[0].segment);
      EXPECT_FALSE(made[0].segment->checksum_ok);
      EXPECT_EQ(made[0].facts.connection, "main");
      EXPECT_EQ(made[0].facts.seq, 1U);
      EXPECT_TRUE(scene.all<TroubleEvent>().empty());
    });
}

TEST(Wire, AStreamWhoseNumbersItShiftsArrives) {
  for (const int version : {4, 6})
    as_worker([=] {
      std::vector<EngineRule> rules;
      rules.push_back(rule(json::object(), "shift", {{"from", "client"}, {"isn", 4294960000U}}));
      WireScene scene(std::move(rules));
      Talk talk(scene, version);
      ASSERT_TRUE(talk.establish());
      const std::string text = bytes_of(20'000);
      talk.send_each({text});
      EXPECT_EQ(talk.received(text.size()), text);
      EXPECT_TRUE(scene.all<TroubleEvent>().empty());
    });
}

TEST(Wire, AForgedResetIsTakenForThePeers) {
  for (const int version : {4, 6})
    as_worker([=] {
      std::vector<EngineRule> rules;
      rules.push_back(rule(client_payload(), "forge", {{"from", "server"}, {"flags", "RST"}}));
      WireScene scene(std::move(rules));
      Talk talk(scene, version);
      ASSERT_TRUE(talk.establish());
      talk.send_each({"hello"});
      ASSERT_TRUE(scene.run_until([&] { return becomes(talk.client, POLLHUP, 0s); }));
      EXPECT_EQ(error_of(talk.client), ECONNRESET);
    });
}

TEST(Wire, AStepsForgedResetToo) {
  as_worker([] {
    WireScene scene({});
    Talk talk(scene);
    ASSERT_TRUE(talk.establish());
    const auto forge =
        find_injector("forge")->make({{"from", "client"}, {"flags", "RST"}}, "/forge");
    ASSERT_TRUE(forge);
    EXPECT_EQ(scene.wire().inject(**forge, "two").error().what,
              "no segment of connection 'two' has been seen yet");
    ASSERT_TRUE(scene.wire().inject(**forge, "main"));
    ASSERT_TRUE(scene.run_until([&] { return becomes(talk.server, POLLHUP, 0s); }));
    EXPECT_EQ(error_of(talk.server), ECONNRESET);
    const auto made = made_by_wire(scene);
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].of, 0U);
    EXPECT_EQ(made[0].toward, End::server);
  });
}

TEST(Wire, AnIcmpMessageEndsAConnect) {
  for (const int version : {4, 6})
    as_worker([=] {
      std::vector<EngineRule> rules;
      rules.push_back(rule({{"flags", "SYN"}}, "icmp", {{"error", "port-unreachable"}}));
      WireScene scene(std::move(rules));
      Talk talk(scene, version);
      ASSERT_TRUE(scene.run_until([&] { return becomes(talk.client, POLLHUP, 0s); }));
      EXPECT_EQ(error_of(talk.client), ECONNREFUSED);
      const auto made = made_by_wire(scene);
      ASSERT_FALSE(made.empty());
      EXPECT_FALSE(made[0].segment) << "it is no segment";
      EXPECT_EQ(made[0].why, "ICMP port-unreachable");
    });
}

}  // namespace
}  // namespace faultline
