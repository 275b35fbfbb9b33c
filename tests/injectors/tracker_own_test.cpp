// What the wire sends of its own: what its receiver knows from then on, and how it is described.
#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {
namespace {

// The server reads 7000 more than the client writes.
PacketRig shifted() {
  PacketRig rig({{"{}", "shift", R"({"from": "client", "by": 7000})"}});
  rig.feed(End::client, {.seq = 1000});
  rig.feed(End::server, {.seq = 5000, .ack = 8001, .flags = syn | ack});
  rig.feed(End::client, {.seq = 1001, .ack = 5001, .flags = ack});
  return rig;
}
Segment segment(End from, PacketSpec spec) {
  spec.source = default_address(4, from == End::client ? 1 : 2);
  spec.destination = default_address(4, from == End::client ? 2 : 1);
  if (from == End::server) std::swap(spec.source_port, spec.destination_port);
  return parse_segment(make_packet(spec))->segment;
}

TEST(TrackerOwn, RelativeNumbersStayWhatTheyAreWhereTheWireShiftsThem) {
  PacketRig rig = shifted();
  SegmentFacts facts = rig.tracker.track(
      segment(End::client, {.seq = 1001, .ack = 5001, .flags = ack, .payload = 10}));
  EXPECT_EQ(facts.seq, 1u);
  EXPECT_EQ(facts.ack, 1u);
  facts = rig.tracker.track(segment(End::server, {.seq = 5001, .ack = 8011, .flags = ack}));
  EXPECT_EQ(facts.ack, 11u);
  EXPECT_EQ(facts.seq, 1u);
}

TEST(TrackerOwn, SeenKnowsBothCounts) {
  PacketRig rig = shifted();
  rig.feed(End::client, {.seq = 1001, .ack = 5001, .flags = ack, .payload = 10});
  rig.feed(End::server, {.seq = 5001, .ack = 8006, .flags = ack});
  const Seen& seen = *rig.tracker.seen("main");
  EXPECT_EQ(seen.of(End::client).shift, 7000u);
  EXPECT_EQ(seen.of(End::server).shift, 0u);
  EXPECT_EQ(seen.of(End::client).next, Seq(1011));
  EXPECT_EQ(seen.next_as_read(End::client), Seq(8011));
  EXPECT_EQ(seen.of(End::server).acknowledged, Seq(8006));
  EXPECT_EQ(seen.acknowledged_as_sent(End::server), Seq(1006));
}

TEST(TrackerOwn, KindsAreSeenThroughAShift) {
  PacketRig rig = shifted();
  const auto track = [&](End from, const PacketSpec& spec) {
    const SegmentKinds kinds = rig.tracker.track(segment(from, spec)).kinds;
    Segment read = segment(from, spec);  // as it crosses
    if (from == End::server) read.ack = Seq(read.ack.raw() - 7000);
    rig.tracker.sent_own(read, other(from), nullptr);
    return kinds;
  };
  (void)track(End::client, {.seq = 1001, .ack = 5001, .flags = ack, .payload = 10});
  (void)track(End::server, {.seq = 5001, .ack = 8006, .flags = ack});
  EXPECT_TRUE(
      track(End::server, {.seq = 5001, .ack = 8006, .flags = ack}).has(SegmentKind::duplicate_ack));
  (void)track(End::server, {.seq = 5001, .ack = 8011, .flags = ack});
  EXPECT_FALSE(
      track(End::server, {.seq = 5001, .ack = 8011, .flags = ack}).has(SegmentKind::duplicate_ack));
  EXPECT_TRUE(track(End::client, {.seq = 1010, .ack = 5001, .flags = ack})
                  .has(SegmentKind::keepalive_probe));
}

TEST(TrackerOwn, AForgedSegmentIsToldAsItsReceiverCounts) {
  const PacketRig rig = shifted();
  SegmentFacts facts = rig.tracker.facts_of_own(
      segment(End::client, {.seq = 8005, .ack = 5002, .flags = ack}), End::server);
  EXPECT_EQ(facts.connection, "main");
  EXPECT_EQ(facts.from, End::client);
  EXPECT_EQ(facts.seq, 5u);
  EXPECT_EQ(facts.ack, 2u);
  facts = rig.tracker.facts_of_own(
      segment(End::server, {.seq = 5001, .ack = 1005, .flags = Flags::rst | ack}), End::client);
  EXPECT_EQ(facts.from, End::server);
  EXPECT_EQ(facts.seq, 1u);
  EXPECT_EQ(facts.ack, 5u) << "the client counts its own numbers";
  facts = rig.tracker.facts_of_own(segment(End::server, {.seq = 5001, .flags = Flags::rst}),
                                   End::client);
  EXPECT_FALSE(facts.ack);
}

TEST(TrackerOwn, OfNoConnectionThereAreNoNumbers) {
  const PacketRig rig({});
  const SegmentFacts facts =
      rig.tracker.facts_of_own(segment(End::client, {.seq = 1}), End::server);
  EXPECT_EQ(facts.connection, "");
  EXPECT_FALSE(facts.seq);
}

TEST(TrackerOwn, AForgedSegmentChangesNoCounts) {
  PacketRig rig({});
  rig.handshake();
  rig.demand("forge", R"({"from": "client", "seq": "next+5000", "payload": 9, "window": 3})");
  const SeenEnd& client = rig.tracker.seen("main")->of(End::client);
  EXPECT_EQ(client.next, Seq(1001));
  EXPECT_EQ(client.window, 500);
  EXPECT_EQ(client.read->window, 3) << "but the server has read another window";
  EXPECT_EQ(client.shift, 0u);
}

TEST(TrackerOwn, AnEditedSynCountsAsAShift) {
  PacketRig rig({{R"({"flags": "SYN"})", "edit", R"({"seq": "+50"})"}});
  rig.feed(End::client, {.seq = 1000});
  EXPECT_EQ(rig.tracker.seen("main")->of(End::client).shift, 50u);
  rig.tracker.expect_connect(End::client, "again");
  rig.engine = Engine(std::vector<EngineRule>{});
  rig.feed(End::client, {.seq = 9000});
  EXPECT_EQ(rig.tracker.seen("again")->of(End::client).shift, 0u) << "a new connection";
  EXPECT_EQ(rig.tracker.seen("main"), nullptr) << "its tuple was taken over";
}

TEST(TrackerOwn, TheLatestSegmentsConnectionOrNone) {
  PacketRig rig({});
  rig.feed(End::client, {.seq = 1000});
  ASSERT_NE(rig.tracker.latest(), nullptr);
  EXPECT_EQ(rig.tracker.latest()->connection, "main");
  rig.feed(End::client, {.source_port = 9, .seq = 1, .flags = ack});
  EXPECT_EQ(rig.tracker.latest(), nullptr);
  EXPECT_EQ(rig.tracker.seen("two"), nullptr);
}

}  // namespace
}  // namespace faultline::testing
