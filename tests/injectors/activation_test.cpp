// When rules are active, and what steps ask of the engine.
#include "tests/injectors/rig.hpp"

namespace faultline::testing {
namespace {

const std::vector<RuleSpec> two{{R"({"flags": "SYN"})", "pass", R"("all")"},
                                {R"({"flags": "ACK"})", "drop", R"("all")"}};

// `change` says when the second rule is active.
template <typename Change>
Rig rig_with(Change change, const std::vector<RuleSpec>& specs = two) {
  auto rules = make_rules(specs);
  change(rules[1]);
  Rig rig({});
  rig.engine = Engine(std::move(rules));
  return rig;
}

TEST(Activation, AfterARuleThatHasDecided) {
  Rig rig = rig_with([](EngineRule& rule) { rule.after_rule = 0; });
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "pass");
  EXPECT_EQ(rig.feed(End::client, syn, 1s), "pass 0");
  EXPECT_EQ(rig.feed(End::client, ack, 1s), "drop 1");
  EXPECT_EQ(rig.engine.hits(1), 1u) << "what came before it was active does not count";
}

TEST(Activation, ARuleMayComeAfterALaterOne) {
  auto rules = make_rules(
      {{R"({"flags": "ACK"})", "drop", R"("all")"}, {R"({"flags": "SYN"})", "pass", R"("all")"}});
  rules[0].after_rule = 1;
  Rig rig({});
  rig.engine = Engine(std::move(rules));
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "pass");
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "pass 1");
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "drop 0");
}

TEST(Activation, TheSegmentThatActivatesARuleIsNotGivenToIt) {
  Rig rig = rig_with([](EngineRule& rule) { rule.after_rule = 0; },
                     {{R"({"flags": "SYN"})", "pass", R"("all")"}, {"{}", "drop", R"("all")"}});
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "pass 0");
  EXPECT_EQ(rig.engine.hits(1), 0u);
}

TEST(Activation, AfterAStepThatIsOver) {
  Rig rig = rig_with([](EngineRule& rule) { rule.after_step = 3; });
  rig.engine.on_step(2, 0s);
  EXPECT_EQ(rig.feed(End::client, ack, 1s), "pass");
  rig.engine.on_step(3, 2s);
  EXPECT_EQ(rig.feed(End::client, ack, 2s - 1ns), "pass") << "it was queued before";
  EXPECT_EQ(rig.feed(End::client, ack, 2s), "drop 1");
}

TEST(Activation, NthCountsFromTheActivationOn) {
  Rig rig = rig_with([](EngineRule& rule) { rule.after_step = 0; },
                     {{R"({"flags": "SYN"})", "pass", "1"},
                      {R"({"flags": "ACK", "nth": 2})", "drop", R"("all")"}});
  rig.feed(End::client, ack, 0s);
  rig.engine.on_step(0, 0s);
  EXPECT_EQ(rig.feed(End::client, ack, 1s), "pass");
  EXPECT_EQ(rig.feed(End::client, ack, 1s), "drop 1");
}

TEST(Activation, LastsFromThenOn) {
  Rig rig = rig_with([](EngineRule& rule) {
    rule.after_rule = 0;
    rule.lasting = 5s;
  });
  rig.feed(End::client, syn, 10s);
  EXPECT_EQ(rig.feed(End::client, ack, 10s), "drop 1");
  EXPECT_EQ(rig.feed(End::client, ack, 15s - 1ns), "drop 1");
  EXPECT_EQ(rig.feed(End::client, ack, 15s), "pass");
}

TEST(Activation, IsNotRenewed) {
  Rig rig = rig_with([](EngineRule& rule) {
    rule.after_rule = 0;
    rule.lasting = 5s;
  });
  rig.feed(End::client, syn, 10s);
  rig.feed(End::client, syn, 14s);
  EXPECT_EQ(rig.feed(End::client, ack, 16s), "pass");
  rig.feed(End::client, syn, 20s);
  EXPECT_EQ(rig.feed(End::client, ack, 20s), "pass");
}

TEST(Activation, FromTheBeginningMeansFromTheRunsBeginning) {
  Rig rig = rig_with([](EngineRule& rule) { rule.lasting = 5s; });
  EXPECT_EQ(rig.feed(End::client, ack, -1ms), "drop 1") << "queued before the clock began";
  EXPECT_EQ(rig.feed(End::client, ack, 5s - 1ns), "drop 1");
  EXPECT_EQ(rig.feed(End::client, ack, 5s), "pass");
}

// What an injector that is told everything was told.
struct Noted : Injector {
  Fate on_match(const Arrival&, Nanos, Outbox&) override { return Fate::pass; }
  void on_demand(const Seen& seen, Nanos, Outbox& out) override {
    out.forge(0, End::server, {std::byte{1}}, "forged");
    out.trouble("about " + seen.connection);
  }
};

TEST(Demand, WhatAStepAsksForIsSent) {
  Rig rig({});
  Noted injector;
  rig.engine.on_demand(injector, Seen{.connection = "two"}, 1s);
  const auto sent = rig.engine.take_emissions();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].of, 0u);
  EXPECT_EQ(sent[0].toward, End::server);
  EXPECT_FALSE(sent[0].is_copy);
  EXPECT_EQ(rig.engine.take_troubles(), (std::vector<std::string>{"about two"}));
  EXPECT_TRUE(rig.engine.take_troubles().empty()) << "they were taken";
}

TEST(Demand, AnUnpluggedLinkLosesIt) {
  Rig rig({});
  rig.engine.link(false, 0s);
  Noted injector;
  rig.engine.on_demand(injector, Seen{}, 1s);
  EXPECT_TRUE(rig.engine.take_emissions().empty());
}

TEST(Troubles, TheFirstFewAreKept) {
  Rig rig({{"{}", "corrupt", R"({"payload": 0})"}});
  std::vector<std::byte> packet(40);
  packet[0] = std::byte{0x45};
  packet[3] = std::byte{40};
  packet[9] = std::byte{6};
  packet[32] = std::byte{0x50};
  rig.bytes = packet;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(rig.feed(End::client, ack, 0s), "pass 0");
  EXPECT_EQ(rig.engine.take_troubles().size(), 16u);
}

TEST(Seeds, ReachAnInjector) {
  const auto text = [](uint64_t seed) {
    auto rules = make_rules({{"{}", "loss", R"({"probability": 0.5})"}});
    rules[0].injector->seed(seed);
    Rig rig({});
    rig.engine = Engine(std::move(rules));
    std::string all;
    for (int i = 0; i < 64; ++i) all += rig.feed(End::client, ack, 0s);
    return all;
  };
  EXPECT_NE(text(1), text(2));
}

}  // namespace
}  // namespace faultline::testing
