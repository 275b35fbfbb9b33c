#include "tests/timers/linux_inputs.hpp"

#include <sstream>

namespace faultline {

TimerInputs inputs_with(int hz, std::string_view changes) {
  TimerInputs inputs = linux_inputs(hz);
  std::istringstream words{std::string(changes)};
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key == "sack")
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

}  // namespace faultline
