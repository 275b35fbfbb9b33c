// What an end of a connection did in one run, as far as two runs are compared by it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/timeline.hpp"

namespace faultline {

// The transmissions of one thing: a SYN and each time that it was sent again.
struct Series {
  std::string what;          // "SYN", "FIN", "data at 1", "keepalive probe"; "ACK of 1001"
  std::vector<Nanos> times;  // since the first call of the run; never empty
  bool is_acknowledgement = false;
};

struct CallMade {
  std::string what;     // "client: connect (step-1)"
  std::string outcome;  // "fails with ETIMEDOUT", "does not return", "is not made"
  std::optional<Nanos> took;
};

struct Conduct {
  bool exact_times = false;  // of the run's clock: virtual, and computing takes none of it
  std::map<std::string, std::vector<TcpState>> states;  // by connection
  std::vector<Series> schedule;                         // in the order of their first times
  std::vector<CallMade> calls;                          // of all steps that are calls of this end
  std::map<std::string, size_t> counts;                 // of segments: "data", "pure ACKs", …
};

[[nodiscard]] Conduct conduct_of(const Timeline& timeline, End end);

}  // namespace faultline
