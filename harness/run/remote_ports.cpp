#include "harness/run/remote_ports.hpp"

#include <algorithm>

#include "harness/run/script.hpp"

namespace faultline {
namespace {

std::vector<uint16_t> ports_of(const Case& the_case) {
  std::vector<uint16_t> ports{listening_port};
  for (const Step& step : the_case.steps) {
    const auto* call = std::get_if<CallStep>(&step.what);
    if (!call || !call->port || *call->port == 0) continue;
    if (std::ranges::find(ports, *call->port) == ports.end())
      ports.push_back(static_cast<uint16_t>(*call->port));
  }
  return ports;
}

}  // namespace

RemotePorts::RemotePorts(const Case& the_case, uint16_t first, uint16_t last, uint32_t random)
    : named_(ports_of(the_case)), first_(first), last_(last) {
  const uint32_t there = last - first + 1U;
  const auto needed = static_cast<uint32_t>(named_.size());
  if (there <= needed) return;
  first_ = static_cast<uint16_t>(first + random % (there / needed) * needed);
  last_ = static_cast<uint16_t>(first_ + needed - 1);
}

uint16_t RemotePorts::place(uint16_t port) const {
  const auto at = std::ranges::find(named_, port) - named_.begin();
  const bool has_room = at <= last_ - first_;
  return has_room ? static_cast<uint16_t>(first_ + at) : port;
}

}  // namespace faultline
