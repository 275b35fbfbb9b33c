#include "tests/injectors/rig.hpp"

namespace faultline::testing {

TEST(Engine, WithoutRulesEverythingPasses) {
  Rig rig({});
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "pass");
  EXPECT_FALSE(rig.engine.wake());
}

TEST(Engine, TheFirstRuleThatSelectsDecides) {
  Rig rig({{R"({"flags": "SYN", "nth": 2})", "drop", R"("all")"},
           {R"({"flags": "SYN"})", "delay", R"("1s")"},
           {R"({})", "duplicate", "1"}});
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "hold 1");
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "drop 0");
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "hold 1");
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "pass 2");
  EXPECT_EQ(rig.engine.hits(0), 1u);
  EXPECT_EQ(rig.engine.hits(1), 2u);
  EXPECT_EQ(rig.engine.hits(2), 1u);
  EXPECT_EQ(rig.engine.held(1), 2u);
}

TEST(Engine, NthCountsTheSegmentsThatReachARule) {
  Rig rig({{R"({"flags": "SYN", "nth": 1})", "drop", R"("all")"},
           {R"({"flags": "SYN", "nth": 2})", "drop", R"("all")"}});
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "drop 0");
  EXPECT_EQ(rig.feed(End::client, syn, 1s), "pass") << "the first that reached rule 1";
  EXPECT_EQ(rig.feed(End::client, syn, 2s), "drop 1");
}

TEST(Engine, WhileLooksAtTheStatesOfTheFacts) {
  Rig rig({{R"({"while": {"client": "FIN_WAIT_1"}})", "drop", R"("all")"}});
  SegmentFacts facts;
  EXPECT_EQ(rig.feed(Segment{}, facts, 0s), "pass") << "not looked at";
  facts.states[index(End::client)] = TcpState::FIN_WAIT_1;
  EXPECT_EQ(rig.feed(Segment{}, facts, 0s), "drop 0");
}

TEST(Engine, TheCaseUnplugsAndPlugs) {
  Rig rig({{R"({"flags": "SYN"})", "drop", "1"}, {R"({})", "delay", R"("2s")"}});
  rig.feed(End::client, ack, 0s);
  rig.engine.link(false, 1s);
  EXPECT_FALSE(rig.engine.link_up(100h));
  EXPECT_EQ(rig.feed(End::client, syn, 1s), "drop -2");
  EXPECT_EQ(rig.engine.hits(0), 0u);
  EXPECT_EQ(rig.sent_at(2s), "") << "came due while unplugged";
  rig.engine.link(true, 3s);
  EXPECT_EQ(rig.feed(End::client, syn, 3s), "drop 0");
}

TEST(Engine, WhatWasDueBeforeUnpluggingStillLeaves) {
  Rig rig({{R"({})", "delay", R"("2s")"}});
  rig.feed(End::client, ack, 0s);
  rig.engine.link(false, 3s);
  EXPECT_EQ(rig.sent(), "1 server delayed");
}

TEST(Engine, PluggingEndsTheCutOfARule) {
  Rig rig({{R"({"flags": "SYN"})", "unplug", R"("1h")"}});
  rig.feed(End::client, syn, 0s);
  rig.engine.link(true, 1s);
  EXPECT_TRUE(rig.engine.link_up(1s));
  EXPECT_FALSE(rig.engine.wake());
}

TEST(Engine, BeyondTheMostCopiesSegmentsPass) {
  Rig rig({{R"({})", "delay", R"("1s")"}});
  for (size_t i = 0; i < Outbox::most_copies; ++i) rig.feed(End::client, ack, 0s);
  EXPECT_EQ(rig.engine.overruns(), 0u);
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "pass 0");
  EXPECT_EQ(rig.engine.overruns(), 1u);
  EXPECT_EQ(rig.engine.held(0), Outbox::most_copies);
  rig.engine.on_timer(1s);
  EXPECT_EQ(rig.engine.take_emissions().size(), Outbox::most_copies);
  EXPECT_EQ(rig.feed(End::client, ack, 2s), "hold 0") << "there is room again";
}

TEST(Engine, BeyondTheMostBytesSegmentsPassWhicheverRuleHolds) {
  Rig rig({{R"({"from": "client"})", "delay", R"("1s")"},
           {R"({"from": "server"})", "hold", R"({"until": {"flags": "RST"}})"}});
  rig.bytes.resize(Outbox::most_bytes / 2);
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "hold 0");
  EXPECT_EQ(rig.feed(End::server, ack, 0s), "hold 1");
  rig.bytes.resize(1);
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "pass 0");
  EXPECT_EQ(rig.feed(End::server, ack, 0s), "pass 1");
  EXPECT_EQ(rig.engine.overruns(), 2u);
}

TEST(Engine, WhatIsLostInACutGivesItsRoomBack) {
  Rig rig({{R"({"flags": "SYN"})", "unplug", R"("5s")"}, {R"({})", "delay", R"("1s")"}});
  rig.bytes.resize(Outbox::most_bytes);
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "hold 1");
  rig.feed(End::client, syn, 0s);
  EXPECT_EQ(rig.sent_at(5s), "");
  EXPECT_EQ(rig.feed(End::client, ack, 5s), "hold 1");
}

class Stubborn : public Injector {
 public:
  Fate on_match(const Arrival&, Nanos, Outbox&) override { return Fate::pass; }
  void on_decided(const Arrival&, Fate fate, Nanos, Outbox&) override { fates.push_back(fate); }
  void on_timer(Nanos, Outbox&) override { ++timers; }
  [[nodiscard]] std::optional<Nanos> wake() const override { return 1s; }

  int timers = 0;
  std::vector<Fate> fates;
};

TEST(Engine, AnInjectorThatNeverLetsGoDoesNotHangIt) {
  auto stubborn = std::make_unique<Stubborn>();
  const Stubborn& watched = *stubborn;
  std::vector<EngineRule> rules;
  rules.push_back({Selector{}, std::move(stubborn)});
  Rig rig({});
  rig.engine = Engine(std::move(rules));
  rig.feed(End::client, syn, 0s);
  rig.engine.on_timer(2s);
  EXPECT_EQ(watched.timers, 1);
}

TEST(Engine, EveryInjectorSeesEveryDecisionButNotWhatACutLost) {
  auto watcher = std::make_unique<Stubborn>();
  const Stubborn& watched = *watcher;
  auto rules = make_rules({{R"({"flags": "SYN", "nth": 1})", "drop", R"("all")"},
                           {R"({"flags": "SYN"})", "delay", R"("1s")"},
                           {R"({"flags": "FIN ACK"})", "unplug", R"("1s")"}});
  rules.push_back({Selector{.from = End::server}, std::move(watcher)});
  Rig rig({});
  rig.engine = Engine(std::move(rules));
  rig.feed(End::client, syn, 0s);
  rig.feed(End::client, syn, 0s);
  rig.feed(End::client, ack, 0s);
  rig.feed(End::client, fin, 0s);
  rig.feed(End::client, ack, 0s);  // lost
  EXPECT_EQ(watched.fates, (std::vector{Fate::drop, Fate::hold, Fate::pass, Fate::drop}));
}

TEST(InjectorList, NamesEachOnce) {
  std::vector<std::string> names;
  for (const InjectorKind& kind : injector_kinds()) names.push_back(kind.name);
  EXPECT_EQ(names, (std::vector<std::string>{"pass", "drop", "delay", "hold", "duplicate", "unplug",
                                             "corrupt", "truncate", "edit", "forge", "icmp",
                                             "limit", "shift", "loss"}));
  EXPECT_EQ(find_injector("hold")->name, "hold");
  EXPECT_TRUE(find_injector("drop")->value_is_nth);
  EXPECT_FALSE(find_injector("delay")->value_is_nth);
  EXPECT_EQ(find_injector("smash"), nullptr);
}

}  // namespace faultline::testing
