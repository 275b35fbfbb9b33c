// Expectations about segments and the stream.
#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

Scene expecting(const std::string& expectation) {
  Scene scene(connect_step + "[expect]\n" + expectation + "\n");
  scene.call("dial", 0s, 1ms);
  return scene;
}

Scene with_syns(Scene scene, const std::vector<Nanos>& times) {
  bool again = false;
  for (const Nanos at : times)
    scene.segment({.at = at, .flags = "SYN", .retransmission = std::exchange(again, true)});
  return scene;
}

const std::string syn_gaps = "gaps = [{ of = { flags = \"SYN\" }, are = [\"1s\", \"2s\"] }]";

TEST(Gaps, AreOneTimerEach) {
  const auto second_syn_at = [](Nanos at) {
    return with_syns(expecting(syn_gaps), {0s, at, at + 2s}).finding("gaps").status;
  };
  EXPECT_EQ(second_syn_at(999ms - 1ns), Status::broken);
  EXPECT_EQ(second_syn_at(999ms), Status::met);
  EXPECT_EQ(second_syn_at(1082ms), Status::met);
  EXPECT_EQ(second_syn_at(1082ms + 1ns), Status::broken);
}

TEST(Gaps, SayWhichWasWrong) {
  Scene scene = with_syns(expecting(syn_gaps), {0s, 1s, 2900ms});
  const Finding finding = scene.finding("gaps");
  EXPECT_EQ(finding.status, Status::broken);
  EXPECT_EQ(finding.what, "gaps between every SYN");
  EXPECT_EQ(finding.wanted, "1s, 2s");
  EXPECT_EQ(finding.got, "1s, 1.9s");
  EXPECT_EQ(finding.tolerance,
            "gap 2: 1.999s to 2.082s (-1ms start uncertainty, +32ms timer wheel at 250 Hz, +50ms "
            "machine)");
  ASSERT_EQ(finding.evidence.size(), 3);
  EXPECT_TRUE(finding.evidence[2].starts_with("2.900s client > SYN seq 0"));
}

TEST(Gaps, AreExactlySoMany) {
  Scene more = with_syns(expecting(syn_gaps), {0s, 1s, 3s, 7s});
  EXPECT_EQ(more.finding("gaps").wanted, "1s, 2s (3 segments)");
  EXPECT_EQ(more.finding("gaps").got, "1s, 2s, 4s (4 segments)");
  EXPECT_EQ(with_syns(expecting(syn_gaps), {0s, 1s}).finding("gaps").status, Status::broken);
  EXPECT_EQ(expecting(syn_gaps).finding("gaps").got, "none (0 segments)");
}

TEST(Gaps, ComeFromAModelWithTheirNumber) {
  const std::string model =
      "gaps = [{ of = { flags = \"SYN\" }, are = \"timer:connect\" }]\n"
      "counts = [{ of = { flags = \"SYN\" }, is = \"timer:connect\" }]";
  const auto run = [&](const std::vector<Nanos>& times) {
    Scene scene = with_syns(expecting(model), times);
    auto& sysctl = scene.trace.environment.ends[0].sysctl;
    sysctl["net.ipv4.tcp_syn_retries"] = "2";
    sysctl["net.ipv4.tcp_syn_linear_timeouts"] = "0";
    return scene;
  };
  EXPECT_EQ(run({0s, 1s, 3s}).judged().outcome, Outcome::PASS);
  EXPECT_EQ(run({0s, 1s, 4s}).finding("gaps").status, Status::broken);
  EXPECT_EQ(run({0s, 1s}).finding("number of").wanted, "3");
  EXPECT_EQ(run({0s, 1s}).finding("number of").got, "2");
}

TEST(Gaps, TooLateInAStallCannotBeTold) {
  Scene scene = with_syns(expecting(syn_gaps), {0s, 2s, 4s});
  scene.stall(1500ms, 300ms);
  EXPECT_EQ(scene.finding("gaps").status, Status::unclear);
  EXPECT_EQ(scene.judged().outcome, Outcome::INCONCLUSIVE);
}

TEST(Gaps, OfWhichOneIsCertainlyWrongAreWrong) {
  Scene scene = with_syns(expecting(syn_gaps), {0s, 2s, 3s});
  scene.stall(1500ms, 300ms);
  EXPECT_EQ(scene.finding("gaps").status, Status::broken);
  EXPECT_TRUE(scene.finding("gaps").tolerance.starts_with("gap 2: "));
}

TEST(Counts, AreRanges) {
  const std::string two_or_three = "counts = [{ of = { flags = \"SYN\" }, is = \"2-3\" }]";
  EXPECT_EQ(with_syns(expecting(two_or_three), {0s, 1s}).finding("number").status, Status::met);
  EXPECT_EQ(with_syns(expecting(two_or_three), {0s, 1s, 2s}).finding("number").status, Status::met);
  Scene one = with_syns(expecting(two_or_three), {0s});
  EXPECT_EQ(one.finding("number").status, Status::broken);
  EXPECT_EQ(one.judged().reason, "number of every SYN: wanted 2-3, got 1");
  EXPECT_EQ(with_syns(expecting(two_or_three), {0s, 1s, 2s, 3s}).finding("number").status,
            Status::broken);
}

// The scene's initial sequence numbers are the same for all connections of an end.
TEST(Counts, AreOfDistinctValuesWhereThatIsAsked) {
  const auto run = [](const std::string& distinct, int is) {
    Scene scene = expecting("counts = [{ of = { from = \"client\" }, distinct = \"" + distinct +
                            "\", is = " + std::to_string(is) + " }]");
    scene.segment({.at = 1ms, .flags = "SYN"})
        .segment({.at = 2ms, .flags = "SYN", .retransmission = true})
        .segment({.at = 3ms, .from = End::server, .flags = "SYN ACK", .ack = 1})
        .segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 5});
    auto& last = std::get<SegmentEvent>(scene.trace.events.back());
    last.segment.source.port = 7;
    return scene.finding("number of distinct " + distinct);
  };
  EXPECT_EQ(run("seq", 2).status, Status::met);
  EXPECT_EQ(run("seq", 3).got, "2");
  EXPECT_EQ(run("seq", 3).status, Status::broken);
  EXPECT_EQ(run("port", 2).status, Status::met);
  EXPECT_EQ(run("seq-high-byte", 1).status, Status::met);
  EXPECT_EQ(run("seq-high-byte", 2).status, Status::broken);
}

TEST(Counts, LookAtTheStateInWhichASegmentCrossed) {
  Scene scene = expecting(
      "counts = [{ of = { payload = true, while = { server = \"SYN_RECV\" } }, is = 1 }]");
  scene.segment({.at = 1ms, .flags = "SYN"})
      .segment({.at = 2ms, .from = End::server, .flags = "SYN ACK", .ack = 1})
      .segment({.at = 3ms, .seq = 1, .ack = 1, .payload = 5, .server_is = SYN_RECV})
      .segment({.at = 4ms, .seq = 6, .ack = 1, .payload = 5, .server_is = ESTABLISHED})
      .segment({.at = 5ms, .seq = 11, .ack = 1, .payload = 5});
  EXPECT_EQ(scene.judged().outcome, Outcome::PASS);
}

TEST(Never, IsNever) {
  const std::string no_reset = "never = [{ has = \"RST\" }]";
  EXPECT_EQ(with_syns(expecting(no_reset), {0s}).judged().outcome, Outcome::PASS);
  Scene scene = with_syns(expecting(no_reset), {0s});
  scene.segment({.at = 1s, .from = End::server, .flags = "RST ACK", .ack = 1});
  const Finding finding = scene.finding("no segment with RST");
  EXPECT_EQ(finding.status, Status::broken);
  EXPECT_EQ(finding.got, "1");
  EXPECT_EQ(finding.owner, End::server) << "the one that sent it";
  EXPECT_EQ(finding.evidence.size(), 1);
}

const std::string in_order =
    "segments = [{ flags = \"SYN\" }, { flags = \"SYN ACK\" }, { flags = \"ACK\", nth = 2 }]";

TEST(Segments, ComeInThisOrderWithOthersBetween) {
  const auto run = [](Nanos syn_ack_at) {
    Scene scene = expecting(in_order);
    scene.segment({.at = 1s, .flags = "SYN"})
        .segment({.at = 2s, .seq = 1, .ack = 1})
        .segment({.at = 3s, .seq = 1, .ack = 1})
        .segment({.at = syn_ack_at, .from = End::server, .flags = "SYN ACK", .ack = 1});
    std::ranges::stable_sort(scene.trace.events, {}, time_of);
    for (uint64_t id = 0; Event & event : scene.trace.events)
      if (auto* segment = std::get_if<SegmentEvent>(&event)) segment->id = ++id;
    return scene.finding("segments in this order");
  };
  EXPECT_EQ(run(1500ms).status, Status::met);
  const Finding late = run(4s);
  EXPECT_EQ(late.status, Status::broken);
  EXPECT_EQ(late.wanted, "segment 3: the 2nd ACK");
  EXPECT_EQ(late.got, "none after the 2 before it");
  EXPECT_EQ(late.evidence.size(), 4);
  EXPECT_EQ(expecting(in_order).finding("segments in").got, "none");
}

TEST(Segments, AreAsManyAsSelectors) {
  const std::string twice = "segments = [{ flags = \"SYN\" }, { flags = \"SYN\" }]";
  EXPECT_EQ(with_syns(expecting(twice), {0s}).finding("segments in").got,
            "none after the 1 before it");
  EXPECT_EQ(with_syns(expecting(twice), {0s, 1s}).finding("segments in").status, Status::met);
}

const std::string reads =
    "[[step]]\nname = \"read\"\nclient = \"recv\"\nreturns = \"0+\"\n"
    "[[step]]\nname = \"more\"\nclient = \"recv\"\nreturns = \"0+\"\n"
    "[expect]\nstream.client = 150\n";

Scene reading(int64_t first, int64_t second) {
  Scene scene(connect_step + reads);
  scene.call("dial", 0s, 1ms).call("read", 1s, 1ms, first).call("more", 2s, 1ms, second);
  return scene;
}

TEST(Stream, IsTheSumOfWhatWasRead) {
  EXPECT_EQ(reading(100, 50).judged().outcome, Outcome::PASS);
  const Finding finding = reading(100, 49).finding("stream received");
  EXPECT_EQ(finding.status, Status::broken);
  EXPECT_EQ(finding.wanted, "150 bytes as sent");
  EXPECT_EQ(finding.got, "149 bytes");
}

TEST(Stream, IsTheOneThatWasSent) {
  Scene scene = reading(100, 50);
  scene.result().mismatch = 120;
  EXPECT_EQ(scene.finding("stream received").status, Status::broken);
  EXPECT_EQ(scene.finding("stream received").got, "150 bytes, the first wrong one at offset 120");
  EXPECT_EQ(scene.judged().outcome, Outcome::FAIL);
}

TEST(Stream, OfAnotherConnectionIsAnother) {
  Scene scene = reading(100, 50);
  scene.result().connection = "two";
  EXPECT_EQ(scene.finding("stream received").got, "100 bytes");
}

}  // namespace
}  // namespace faultline::test
