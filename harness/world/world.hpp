// The world of one case: two ends and a router between them, the wire.
//
//   client netns            wire netns (the builder's own)           server netns
//   eth0 192.0.2.2/24 ───── client 192.0.2.1 │ server 198.51.100.1 ───── eth0 198.51.100.2/24
//        2001:db8:1::2/64          …:1::1    │        …:2::1            2001:db8:2::2/64
//
// Where a stack of user space stands at an end, the wire's link to it is a TUN or TAP device: the
// stack has the addresses of eth0, and the end's namespace is empty.
//
// All neighbours are permanent, addresses are usable at once (no DAD), no link-local address, no
// redirects, no reverse path filter; MTU 1500; checksum, TSO, GSO and GRO offloads are off, so the
// wire sees what a real one would. Nothing has a name outside, nothing is left behind.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "harness/tcp/segment.hpp"
#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"
#include "harness/world/attach.hpp"
#include "harness/world/link.hpp"

namespace faultline {

// The wire's interface toward an end, and the Ethernet header of what it sends there.
struct Port {
  int ifindex = 0;  // in the wire namespace
  Mac source{}, destination{};
};

// Where the calling thread's namespace is a machine's first one: makes new namespaces begin with
// what every world sets, so that building one has less to write. For machines that run nothing but
// worlds.
[[nodiscard]] Result<void> set_defaults_of_worlds();

class World {
 public:
  // Builds a world around the calling thread's network namespace, which becomes the wire's and must
  // be new (an Error where lo is up). Needs CAP_NET_ADMIN and CAP_SYS_ADMIN over it (see
  // run_isolated).
  [[nodiscard]] static Result<World> build(std::array<Attach, 2> attached = {});
  World(World&&) noexcept = default;
  World& operator=(World&&) = delete;
  ~World();  // destroy_sockets()

  // Valid as long as this object.
  [[nodiscard]] int netns(End end) const { return ends_[index(end)].netns.get(); }
  // `version` is 4 or 6.
  [[nodiscard]] static Address address(End end, int version);
  // The wire's on the same subnet: the next hop of an end for everything.
  [[nodiscard]] static Address gateway(End end, int version);
  [[nodiscard]] const Port& port(End end) const { return ends_[index(end)].port; }
  // The stack's side of the device, where there is one; -1. Valid as long as this object.
  [[nodiscard]] int device(End end) const { return ends_[index(end)].device.get(); }

  // Names are full, with dots: "net.ipv4.tcp_rmem". Only what is below "net." is an end's own; the
  // rest belongs to the machine and is refused. A written value is read back and returned: what the
  // kernel refuses or changes is an Error with the name, the value and what the kernel has.
  [[nodiscard]] Result<std::string> write_sysctl(End end, std::string_view name,
                                                 std::string_view value);
  [[nodiscard]] Result<std::string> read_sysctl(End end, std::string_view name) const;
  // What either end of the kernel has before anything is written: every net.ipv4.tcp_* that can be read, and
  // net.ipv4.ip_local_port_range, by full name. Not tcp_fastopen_key: it is a secret, and another
  // one in every world. Read once in a process's first world, which must be as it was built: all
  // that a process builds begin the same.
  [[nodiscard]] Result<std::map<std::string, std::string>> initial_tcp_sysctls() const;

  // Ends every TCP socket of both ends, so that no orphan keeps a namespace alive while it waits
  // for acknowledgements. Best effort: what the kernel cannot destroy goes by itself. The kernel
  // sends a RST for some; call it when the wire is no longer looked at.
  void destroy_sockets() noexcept;

 private:
  struct EndPart {
    Fd netns, device;
    Port port;
  };
  World() = default;
  std::array<EndPart, 2> ends_;
};

}  // namespace faultline
