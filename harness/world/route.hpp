// How this machine reaches an address.
#pragma once

#include "harness/tcp/segment.hpp"
#include "harness/util/error.hpp"

namespace faultline {

struct Route {
  bool local = false;  // the address is this machine's own
  int ifindex = 0;
  Address source;  // what this machine sends from
};

// As the kernel's routing tables say. `interface`: by this one; "": by whichever. Error: no route.
[[nodiscard]] Result<Route> route_to(const Address& address, const std::string& interface = "");

}  // namespace faultline
