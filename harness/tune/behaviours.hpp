// What an operator notices of TCP's timers: each behaviour by the name that `faultline tune` calls
// it, with the model that predicts it, what governs it, and what it means. A new one is an entry in
// behaviours.cpp.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/timers/models.hpp"
#include "harness/tune/kernel.hpp"

namespace faultline {

struct Behaviour {
  std::string name;   // "dead-peer"
  std::string model;  // of harness/timers
  std::string says;   // what it means to an operator, "{}" standing for the time
  // Short names of the sysctls that it depends on, the one to turn first.
  std::vector<std::string> sysctls;
};

// The case of the suite that measures it.
[[nodiscard]] std::string measuring_case(const Behaviour& behaviour);

[[nodiscard]] std::span<const Behaviour> behaviours();
[[nodiscard]] const Behaviour* find_behaviour(std::string_view name);
[[nodiscard]] std::span<const std::string> behaviour_names();

[[nodiscard]] bool governs(std::string_view key, const Behaviour& behaviour);

// What a prediction for a kernel begins with; the sysctls in full, as `kernel_defaults` has them.
[[nodiscard]] TimerInputs tuning_inputs(std::map<std::string, std::string> sysctls,
                                        const TuneKernel& kernel);

// The end of the behaviour, counted from what its model counts from.
[[nodiscard]] Result<Bounds> predict_end(const Behaviour& behaviour, const TimerInputs& inputs);

// "19.1 to 19.4 s", "2min 13s to 2min 15s": to three digits or to a second.
[[nodiscard]] std::string spoken(Bounds time);
[[nodiscard]] std::string spoken(Nanos time);

[[nodiscard]] std::string sentence(const Behaviour& behaviour, Bounds time);

}  // namespace faultline
