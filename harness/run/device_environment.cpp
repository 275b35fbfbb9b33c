#include "harness/run/device_environment.hpp"

#include <fmt/format.h>

#include "harness/drive/protocol.hpp"

namespace faultline {
namespace {

std::string to_text(const Mac& m) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", m[0], m[1], m[2], m[3], m[4],
                     m[5]);
}

}  // namespace

std::vector<std::string> device_environment(const World& world, End end, Attach attach) {
  std::vector<std::string> variables{
      fmt::format("FAULTLINE_DEVICE={}", protocol::device), "FAULTLINE_MTU=1500",
      fmt::format("FAULTLINE_ADDRESSES={}/24 {}/64", to_string(World::address(end, 4)),
                  to_string(World::address(end, 6))),
      fmt::format("FAULTLINE_GATEWAYS={} {}", to_string(World::gateway(end, 4)),
                  to_string(World::gateway(end, 6)))};
  if (attach == Attach::tap) {
    const Port& port = world.port(end);
    variables.push_back("FAULTLINE_MAC=" + to_text(port.destination));
    variables.push_back("FAULTLINE_GATEWAY_MAC=" + to_text(port.source));
  }
  return variables;
}

}  // namespace faultline
