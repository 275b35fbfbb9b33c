// Tests a driver against docs/driver-protocol.md.
#pragma once

#include "harness/check/bench.hpp"

namespace faultline::check {

// How long a driver may take to say hello, to answer, to end.
inline constexpr Nanos usual_patience = 5s;

struct Topic {
  std::string name;
  bool of_a_family;  // made for each that the stack has
  void (*check)(Bench& bench);
};
[[nodiscard]] const std::vector<Topic>& topics();

// Each topic is checked with a driver of its own, started anew by `stage`.
void check_driver(const Subject& subject, const std::function<Result<Stage>()>& stage,
                  Findings& findings, Nanos patience = usual_patience);

// The topics. They may throw Gone.
void check_life(Bench& bench);
void check_end_of_input(Bench& bench);
void check_end_while_closing(Bench& bench);
void check_half_a_line(Bench& bench);
void check_lines(Bench& bench);
void check_names(Bench& bench);
void check_opening(Bench& bench);
void check_families(Bench& bench);
void check_stream(Bench& bench);
void check_closing(Bench& bench);
void check_options(Bench& bench);
void check_waiting(Bench& bench);
void check_cut_short(Bench& bench);
void check_parameters(Bench& bench);
void check_states(Bench& bench);

}  // namespace faultline::check
