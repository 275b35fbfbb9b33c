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
  // `random` says which. Where there are fewer than it names, the others stay as they are. With a
  // `service` that one is what ends listen on, and all of these are this machine's: there is one for
  // every connection that the case makes.
  RemotePorts(const Case& the_case, uint16_t first, uint16_t last, uint32_t random,
              uint16_t service = 0);

  // What stands for a port of the case.
  [[nodiscard]] uint16_t place(uint16_t port) const;
  // For a connection that names no port of its own; 0: any will do.
  [[nodiscard]] uint16_t take_local();
  [[nodiscard]] uint16_t first() const { return first_; }
  [[nodiscard]] uint16_t last() const { return last_; }

 private:
  std::vector<uint16_t> named_;  // 0: a connection's that names none
  uint16_t service_, first_, last_;
  size_t taken_ = 0;
};

}  // namespace faultline
