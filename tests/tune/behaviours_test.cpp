// The table of behaviours, and how times are said.
#include "harness/tune/behaviours.hpp"

#include <gtest/gtest.h>

#include <set>

#include "harness/tune/sysctls.hpp"

namespace faultline {
namespace {

Bounds end_of(const std::string& name, const std::map<std::string, std::string>& changes = {},
              KernelVersion version = {6, 12}) {
  auto sysctls = kernel_defaults(version);
  for (const auto& [key, value] : changes) sysctls["net.ipv4." + key] = value;
  const auto end = predict_end(*find_behaviour(name), tuning_inputs(sysctls, {}));
  if (!end) ADD_FAILURE() << end.error().what;
  return end.value_or(Bounds{});
}

TEST(Behaviours, EachIsPredictedFromTheDefaultsOfEveryKernel) {
  for (const Behaviour& behaviour : behaviours())
    for (const KernelVersion version : {KernelVersion{6, 1}, {6, 12}, {6, 18}}) {
      const auto end = predict_end(behaviour, tuning_inputs(kernel_defaults(version), {}));
      EXPECT_TRUE(end) << behaviour.name << ": " << end.error().what;
    }
}

TEST(Behaviours, AreNamedOnceAndSayATime) {
  std::set<std::string> names;
  for (const Behaviour& behaviour : behaviours()) {
    EXPECT_TRUE(names.insert(behaviour.name).second) << behaviour.name;
    EXPECT_TRUE(behaviour.says.contains("{}")) << behaviour.name;
    EXPECT_TRUE(behaviour.says.ends_with(".")) << behaviour.name;
  }
}

// A sysctl that is listed must count for something, with one value at least.
TEST(Behaviours, FollowWhatGovernsThem) {
  const std::map<std::string, std::string> turned{{"tcp_rto_max_ms", "1000"},
                                                  {"tcp_rto_min_us", "1000"},
                                                  {"tcp_early_retrans", "0"},
                                                  {"tcp_sack", "0"},
                                                  {"tcp_thin_linear_timeouts", "1"}};
  for (const Behaviour& behaviour : behaviours())
    for (const std::string& name : behaviour.sysctls) {
      ASSERT_TRUE(find_timer_sysctl("net.ipv4." + name)) << name;
      const auto found = turned.find(name);
      const std::string value = found == turned.end() ? "2" : found->second;
      EXPECT_FALSE(end_of(behaviour.name, {{name, value}}, {6, 18}) ==
                   end_of(behaviour.name, {}, {6, 18}))
          << behaviour.name << " " << name;
      EXPECT_TRUE(governs("net.ipv4." + name, behaviour));
    }
  EXPECT_FALSE(governs("net.ipv4.tcp_retries2", *find_behaviour("connect")));
}

TEST(Behaviours, SaySoInWords) {
  EXPECT_EQ(sentence(*find_behaviour("connect"), {19071ms, 19404ms}),
            "A connect() to a host that drops packets fails with ETIMEDOUT after 19.1 to 19.4 s.");
  EXPECT_EQ(spoken(end_of("connect", {{"tcp_syn_retries", "3"}})), "19.3 to 19.6 s");
  EXPECT_EQ(spoken(end_of("connect")), "133 to 135 s");
}

// The probe comes after two round trips and 200 ms, or with the RTO of RTT + 200 ms where that is
// earlier.
TEST(Behaviours, FollowTheRoundTrip) {
  const auto tail_loss = [](Nanos rtt) {
    const TuneKernel kernel{.version = {6, 12}, .rtt = {rtt, rtt}};
    return predict_end(*find_behaviour("tail-loss"),
                       tuning_inputs(kernel_defaults({6, 12}), kernel))
        ->low;
  };
  EXPECT_EQ(tail_loss(50ms), 252ms);
  EXPECT_LT(tail_loss(1ms), 210ms);
}

TEST(Behaviours, ARangeHasOneUnit) {
  EXPECT_EQ(spoken(Bounds{40ms, 204ms}), "40 to 204 ms");
  EXPECT_EQ(spoken(Bounds{900ms, 1500ms}), "0.9 to 1.5 s");
  EXPECT_EQ(spoken(Bounds{19400ms, 19400ms}), "19.4 s");
  EXPECT_EQ(spoken(Bounds{19'401ms, 19'404ms}), "19.4 s");
  EXPECT_EQ(spoken(Bounds{100s, 119500ms}), "100 to 120 s");
  EXPECT_EQ(spoken(7875s), "2h 11min 15s");
}

}  // namespace
}  // namespace faultline
