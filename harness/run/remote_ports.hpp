// The ports of one case on a network that is not its own: each run takes others, so that what is left
// of the one before (a segment on its way, a TIME_WAIT) is not taken for the case's.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/case/case.hpp"

namespace faultline {

class RemotePorts {
 public:
  // Takes as many as the case names out of `first` to `last`, the port that ends listen on first;
  // `random` says which. Where there are fewer than it names, the others stay as they are.
  RemotePorts(const Case& the_case, uint16_t first, uint16_t last, uint32_t random);

  // What stands for a port of the case.
  [[nodiscard]] uint16_t place(uint16_t port) const;
  [[nodiscard]] uint16_t first() const { return first_; }
  [[nodiscard]] uint16_t last() const { return last_; }

 private:
  std::vector<uint16_t> named_;
  uint16_t first_, last_;
};

}  // namespace faultline
