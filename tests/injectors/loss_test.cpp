#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {

// A letter for each of so many segments: 'x' where it is lost.
std::string losses(const std::string& value, uint64_t seed, int segments) {
  auto rules = make_rules({{"{}", "loss", value}});
  rules[0].injector->seed(seed);
  Rig rig({});
  rig.engine = Engine(std::move(rules));
  std::string text;
  for (int i = 0; i < segments; ++i) text += rig.feed(End::client, ack, 0s) == "drop 0" ? 'x' : '.';
  return text;
}
double share(const std::string& text) {
  return static_cast<double>(std::ranges::count(text, 'x')) / static_cast<double>(text.size());
}
// How often a loss is followed by another.
double in_a_row(const std::string& text) {
  double pairs = 0;
  for (size_t i = 1; i < text.size(); ++i) pairs += text[i - 1] == 'x' && text[i] == 'x' ? 1 : 0;
  return pairs / static_cast<double>(std::ranges::count(text, 'x'));
}

TEST(Loss, TheSeedDecides) {
  const std::string half = R"({"probability": 0.5})";
  EXPECT_EQ(losses(half, 1, 200), losses(half, 1, 200));
  EXPECT_NE(losses(half, 1, 200), losses(half, 2, 200));
}

TEST(Loss, ItsShareIsTheProbability) {
  // 20,000 throws: five standard deviations of 0.1 are 0.011.
  EXPECT_NEAR(share(losses(R"({"probability": 0.1})", 7, 20'000)), 0.1, 0.011);
  EXPECT_EQ(share(losses(R"({"probability": 1})", 7, 1000)), 1);
}

TEST(Loss, WithoutMemoryALossSaysNothingAboutTheNext) {
  EXPECT_NEAR(in_a_row(losses(R"({"probability": 0.1})", 7, 20'000)), 0.1, 0.04);
}

// Bad with 0.01 / (0.01 + 0.25) of the time, 4 segments each time.
TEST(Loss, GilbertElliottLosesInBursts) {
  const std::string text = losses(R"({"good_to_bad": 0.01, "bad_to_good": 0.25})", 7, 100'000);
  EXPECT_NEAR(share(text), 0.0385, 0.01);
  EXPECT_NEAR(in_a_row(text), 0.75, 0.03);
}

TEST(Loss, EachStateHasItsProbability) {
  EXPECT_NEAR(share(losses(R"({"good_to_bad": 0, "bad_to_good": 1, "in_good": 0.3})", 7, 20'000)),
              0.3, 0.02);
  EXPECT_NEAR(share(losses(R"({"good_to_bad": 1, "bad_to_good": 0, "in_bad": 0.3})", 7, 20'000)),
              0.3, 0.02);
  // The state changes before the segment: in turn bad and good.
  EXPECT_EQ(losses(R"({"good_to_bad": 1, "bad_to_good": 1})", 7, 6), "x.x.x.");
}

TEST(Loss, IsForEnduranceAlone) {
  for (const InjectorKind& kind : injector_kinds())
    EXPECT_EQ(kind.endurance_only, kind.name == "loss") << kind.name;
}

TEST(Loss, RefusesWhatIsNoModel) {
  const std::string forms =
      ": write { probability = P }, or { good_to_bad = P, bad_to_good = R } with in_good and "
      "in_bad";
  EXPECT_EQ(refused("loss", "{}"), forms);
  EXPECT_EQ(refused("loss", R"({"good_to_bad": 0.1})"), forms);
  EXPECT_EQ(refused("loss", R"({"probability": 0.1, "in_bad": 0.1})"), forms);
  EXPECT_EQ(refused("loss", R"({"probability": 1.01})"),
            "/probability: expected a probability, 0 to 1");
  EXPECT_EQ(refused("loss", R"({"probability": "x"})"),
            "/probability: expected a probability, 0 to 1");
  const std::string nothing = ": with these probabilities nothing is ever lost";
  EXPECT_EQ(refused("loss", R"({"probability": 0})"), nothing);
  EXPECT_EQ(refused("loss", R"({"good_to_bad": 0, "bad_to_good": 1})"), nothing);
  EXPECT_EQ(refused("loss", R"({"good_to_bad": 1, "bad_to_good": 1, "in_bad": 0})"), nothing);
}

}  // namespace faultline::testing
