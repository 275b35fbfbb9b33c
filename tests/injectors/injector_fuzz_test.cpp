// Mutated packets through every injector. Under the sanitizers a read or write past the end of a
// packet is a failure.
#include <random>

#include "tests/injectors/mutations.hpp"
#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {
namespace {

constexpr unsigned seed = 20240611;
constexpr int packets = 30'000;

const std::vector<RuleSpec>& every_injector() {
  static const std::vector<RuleSpec> rules{
      {R"({"nth": "1-500"})", "pass", R"("all")"},
      {"{}", "drop", R"("all")"},
      {"{}", "delay", R"("1ms")"},
      {R"({"nth": [1, "5-50"]})", "hold", R"({"passed": 2})"},
      {"{}", "duplicate", "2"},
      {"{}", "unplug", R"("1us")"},
      {"{}", "corrupt", R"({"payload": 3})"},
      {"{}", "corrupt", R"({"header": 25})"},
      {"{}", "truncate", R"({"payload": 2})"},
      {"{}", "truncate", R"({"header": 22})"},
      {"{}", "truncate", R"({"header": 1})"},
      {"{}", "edit", R"({"mss": 1})"},
      {"{}", "edit", R"({"sack": false})"},
      {"{}", "edit", R"({"timestamps": {"value": 1, "echo": 2}})"},
      {"{}", "edit", R"({"seq": "+9", "flags": "FIN", "window": 0, "urgent": 3, "ttl": 2,
                         "ecn": "ce"})"},
      {"{}", "edit", R"({"ack": "edge"})"},
      {"{}", "forge", R"({"from": "client", "payload": 10})"},
      {"{}", "forge", R"({"from": "server", "flags": "RST", "seq": "edge"})"},
      {"{}", "icmp", R"({"error": "port-unreachable"})"},
      {"{}", "icmp", R"({"error": "packet-too-big", "mtu": 500, "seq": "-1"})"},
      {"{}", "limit", R"({"rate": 1000000, "queue": 50})"},
      {"{}", "shift", R"({"from": "client", "by": 99})"},
      {"{}", "shift", R"({"from": "server", "isn": 4294967295})"},
      {"{}", "loss", R"({"probability": 0.5})"}};
  return rules;
}

TEST(InjectorFuzz, EveryInjectorIsAmongThem) {
  for (const InjectorKind& kind : injector_kinds())
    EXPECT_TRUE(std::ranges::any_of(every_injector(), [&](const RuleSpec& rule) {
      return rule.fault == kind.name;
    })) << kind.name;
}

TEST(InjectorFuzz, WhateverComesIsDecidedAndNothingPastItsEndIsTouched) {
  std::mt19937 random(seed);
  const std::vector<Bytes> valid = valid_packets();
  for (const RuleSpec& rule : every_injector()) {
    PacketRig rig({rule});
    rig.handshake();
    int sent = 0, decided = 0;
    for (int i = 0; i < packets / 10; ++i) {
      Bytes packet = valid[static_cast<size_t>(i) % valid.size()];
      if (i % 3 != 0) mutate(packet, random);
      if (i % 100 == 0) rig.tracker.expect_connect(End::client, std::to_string(i));
      const Nanos now = i * 10us;
      rig.engine.on_timer(now);
      decided += rig.feed(packet, now).ends_with(" 0") ? 1 : 0;
      for (const SentPacket& one : rig.sent) {
        ++sent;
        ASSERT_LE(one.bytes.size(), 65'535u);
      }
    }
    EXPECT_GT(decided, 40) << rule.fault << rule.value;
    const bool silent = rule.fault == "pass" || rule.fault == "drop" || rule.fault == "loss" ||
                        rule.fault == "unplug";
    EXPECT_EQ(sent == 0, silent) << rule.fault << rule.value;
  }
}

TEST(InjectorFuzz, WhatAStepAsksForMayBeAboutAnything) {
  std::mt19937 random(seed + 1);
  const std::vector<Bytes> valid = valid_packets();
  PacketRig rig({});
  for (int i = 0; i < packets / 10; ++i) {
    Bytes packet = valid[static_cast<size_t>(i) % valid.size()];
    if (i % 2 != 0) mutate(packet, random);
    rig.feed(packet, i * 10us);
    if (!rig.tracker.seen("main")) continue;
    for (const char* end : {"client", "server"}) {
      rig.demand("forge", fmt::format(R"({{"from": "{}", "seq": "edge"}})", end));
      rig.demand("icmp", fmt::format(R"({{"error": "time-exceeded", "to": "{}"}})", end));
    }
  }
  EXPECT_NE(rig.tracker.seen("main"), nullptr);
}

}  // namespace
}  // namespace faultline::testing
