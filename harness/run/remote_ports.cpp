#include "harness/run/remote_ports.hpp"

#include <algorithm>

#include "harness/run/script.hpp"

namespace faultline {
namespace {

std::vector<uint16_t> ports_of(const Case& the_case, bool with_listener) {
  std::vector<uint16_t> ports;
  if (with_listener) ports.push_back(listening_port);
  for (const Step& step : the_case.steps) {
    const auto* call = std::get_if<CallStep>(&step.what);
    if (!call) continue;
    const uint16_t port = call->port.value_or(0);
    if (port == 0 && !with_listener && call->call == Call::connect) ports.push_back(0);
    if (port != 0 && std::ranges::find(ports, port) == ports.end()) ports.push_back(port);
  }
  return ports;
}

}  // namespace

RemotePorts::RemotePorts(const Case& the_case, uint16_t first, uint16_t last, uint32_t random,
                         uint16_t service)
    : named_(ports_of(the_case, service == 0)), service_(service), first_(first), last_(last) {
  const uint32_t there = last - first + 1U;
  const uint32_t needed = std::max<uint32_t>(1, static_cast<uint32_t>(named_.size()));
  if (there <= needed) return;
  first_ = static_cast<uint16_t>(first + random % (there / needed) * needed);
  last_ = static_cast<uint16_t>(first_ + needed - 1);
}

uint16_t RemotePorts::place(uint16_t port) const {
  if (service_ != 0 && port == listening_port) return service_;
  const auto at = std::ranges::find(named_, port) - named_.begin();
  const bool has_room = at <= last_ - first_;
  return has_room ? static_cast<uint16_t>(first_ + at) : port;
}

uint16_t RemotePorts::take_local() {
  const auto next = std::find(named_.begin() + static_cast<ptrdiff_t>(taken_), named_.end(), 0);
  if (service_ == 0 || next == named_.end()) return 0;
  taken_ = static_cast<size_t>(next - named_.begin()) + 1;
  return static_cast<uint16_t>(first_ + (taken_ - 1));
}

}  // namespace faultline
