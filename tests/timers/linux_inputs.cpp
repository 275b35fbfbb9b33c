#include "tests/timers/linux_inputs.hpp"

#include <sstream>
#include <stdexcept>

namespace faultline {

TimerInputs inputs_with(int hz, std::string_view changes) {
  TimerInputs inputs = linux_inputs(hz);
  std::istringstream words{std::string(changes)};
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key.starts_with("peer:")) {
      if (inputs.peer_sysctl.empty()) inputs.peer_sysctl = linux_inputs(hz).sysctl;
      inputs.peer_sysctl["net.ipv4." + key.substr(5)] = value;
    } else if (key == "sack")
      inputs.sack = value != "0";
    else if (key == "rtt")
      inputs.rtt_low = inputs.rtt_high = *parse_duration(value);
    else if (key.starts_with("tcp_"))
      inputs.sysctl["net.ipv4." + key] = value;
    else
      inputs.options[key] = std::stoll(value);
  }
  return inputs;
}

Prediction must_predict(std::string_view model, const TimerInputs& inputs) {
  auto prediction = predict(model, inputs);
  if (!prediction) throw std::runtime_error(prediction.error().what);
  return *prediction;
}

std::string error_of(std::string_view model, const TimerInputs& inputs) {
  const auto prediction = predict(model, inputs);
  return prediction ? "no error" : prediction.error().what;
}

}  // namespace faultline
