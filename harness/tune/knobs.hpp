// The sysctls that `--solve` may turn, and how far.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faultline {

struct Knob {
  std::string name;             // "tcp_retries2"
  std::vector<int64_t> values;  // to choose from, ascending
  int64_t standard = 0;         // the default, or what it stands for
  // A greater value never ends a behaviour earlier.
  bool is_monotone = true;
  int64_t zero_is = 0;  // what 0 stands for

  // How far a value is from the default: 1 for twice as much or half of it.
  [[nodiscard]] double distance(int64_t value) const;
  // Of `values`, a few dozen that people would choose, the nearest to the default first.
  [[nodiscard]] std::vector<int64_t> round_values() const;
};

// Nothing for a sysctl that is not there to be turned, such as tcp_sack.
[[nodiscard]] const Knob* find_knob(std::string_view name);

}  // namespace faultline
