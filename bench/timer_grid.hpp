// The grid of settings over which timer models are compared with kernels.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline::bench {

// One run of a measuring case, cases/tuning/*.toml.
struct GridPoint {
  std::string model;
  std::string measured_by;  // the case's file without ".toml"; mostly the model's name
  // "tcp_retries2=5 TCP_USER_TIMEOUT=2500 wait=37ms", separated by blanks:
  //   tcp_…, TCP_…, SO_…   a sysctl or an option of the end that the case is about
  //   peer:tcp_…           a sysctl of the other end
  //   wait                 before the first step: it begins at another phase of jiffies
  //   delay, own-delay     what the other end sends takes so much longer, or what this one does
  std::string changes;
};

[[nodiscard]] std::vector<GridPoint> timer_grid();

// The case for a point, made of the measuring case's text.
[[nodiscard]] Result<std::string> case_text(const GridPoint& point,
                                            std::string_view measuring_case);

}  // namespace faultline::bench
