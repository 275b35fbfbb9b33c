// An engine with rules as a case writes them, fed with segments that have only the fields that a
// test cares about.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/tcp/selector_json.hpp"
#include "injectors/engine.hpp"

namespace faultline::testing {

struct RuleSpec {
  std::string match;  // JSON of a selector
  std::string fault;
  std::string value;  // JSON
};

inline FieldResult<std::unique_ptr<Injector>> make(const std::string& fault,
                                                   const std::string& value) {
  return find_injector(fault)->make(nlohmann::json::parse(value), "/rule/0/" + fault);
}

inline std::vector<EngineRule> make_rules(const std::vector<RuleSpec>& specs) {
  std::vector<EngineRule> rules;
  for (const RuleSpec& spec : specs) {
    auto match = selector_from(nlohmann::json::parse(spec.match), "");
    auto injector = make(spec.fault, spec.value);
    EXPECT_TRUE(match) << spec.match;
    EXPECT_TRUE(injector) << spec.value;
    rules.push_back({*match, std::move(*injector)});
  }
  return rules;
}

class Rig {
 public:
  explicit Rig(const std::vector<RuleSpec>& rules) : engine(make_rules(rules)) {}

  // Feeds the next segment and returns "pass", "drop 0", "hold 1", with the rule that decided.
  std::string feed(End from, uint16_t flags, Nanos now, uint32_t payload = 0) {
    Segment segment;
    segment.flags = Flags{flags};
    segment.payload_length = payload;
    SegmentFacts facts;
    facts.from = from;
    return feed(segment, facts, now);
  }
  std::string feed(const Segment& segment, const SegmentFacts& facts, Nanos now) {
    ++id;
    const Decision decision = engine.on_segment({id, bytes, segment, facts}, now);
    if (decision.rule == Decision::no_rule) return std::string(to_string(decision.fate));
    return fmt::format("{} {}", to_string(decision.fate), decision.rule);
  }

  // What the wire would send now: "1 server delayed, 2 client duplicate".
  std::string sent() {
    std::string text;
    for (const Emission& emission : engine.take_emissions()) {
      EXPECT_EQ(emission.bytes.size(), bytes.size());
      text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", emission.of,
                          to_string(emission.toward), emission.why);
    }
    return text;
  }
  std::string sent_at(Nanos now) {
    engine.on_timer(now);
    return sent();
  }

  Engine engine;
  SegmentId id = 0;
  std::vector<std::byte> bytes{40, std::byte{1}};
};

inline constexpr uint16_t syn = Flags::syn, ack = Flags::ack, fin = Flags::fin | Flags::ack;

}  // namespace faultline::testing
