// Links, addresses, neighbours and routes, by rtnetlink and ethtool, in the calling thread's
// network namespace. The parts that World puts together.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "harness/tcp/segment.hpp"
#include "harness/util/error.hpp"
#include "harness/world/netlink.hpp"

namespace faultline {

using Mac = std::array<uint8_t, 6>;

// One side of a veth pair.
struct VethSide {
  std::string name;
  Mac mac{};
};
// Makes `here` in the namespace of `rtnetlink`, and `there` in the one that `netns` holds.
[[nodiscard]] Result<void> add_veth(Netlink& rtnetlink, const VethSide& here, const VethSide& there,
                                    int netns);
inline constexpr int loopback = 1;  // the first interface of every namespace
[[nodiscard]] Result<void> bring_up(Netlink& rtnetlink, int ifindex);

// Usable at once: an IPv6 address is not probed for duplicates.
[[nodiscard]] Result<void> add_address(Netlink& rtnetlink, int ifindex, const Address& address,
                                       int prefix_length);
[[nodiscard]] Result<void> add_neighbour(Netlink& rtnetlink, int ifindex, const Address& address,
                                         const Mac& mac);
[[nodiscard]] Result<void> add_default_route(Netlink& rtnetlink, int ifindex,
                                             const Address& gateway);

[[nodiscard]] Result<bool> is_up(const std::string& name);
[[nodiscard]] Result<int> interface_index(const std::string& name);
// Transmit checksums, TSO, GSO and GRO.
[[nodiscard]] Result<void> switch_offloads_off(const std::string& name);
// Returns when the interface carries packets. A new one drops them until the kernel's link watcher
// has run; asking for the link state by ethtool makes it run (linkwatch_sync_dev).
[[nodiscard]] Result<void> wait_until_running(const std::string& name);
// Returns when the kernel takes packets to an address for its own. It does so for a new IPv6 address
// only when its work queue has come to it (addrconf_dad_work, net/ipv6/addrconf.c, also without DAD):
// until then they are dropped.
[[nodiscard]] Result<void> wait_until_local(Netlink& rtnetlink, const Address& address);

}  // namespace faultline
