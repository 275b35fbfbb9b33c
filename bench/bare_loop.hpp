// What the wire is measured against: the least that a program can do with an NFQUEUE.
#pragma once

#include <cstdint>

#include "harness/util/time.hpp"

namespace faultline::bench {

// On queue 0 of the calling thread's network namespace. One recv() and one verdict for each packet,
// whose bytes it gets but never looks at. Throws std::system_error.
class BareLoop {
 public:
  BareLoop();
  ~BareLoop();
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;

  // Accepts for that long; returns how many packets.
  uint64_t run_for(Nanos time) const;

 private:
  int socket_;
};

}  // namespace faultline::bench
