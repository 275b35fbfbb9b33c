// The world of a case whose one end is across a network: this machine's own network, of which the
// wire takes nothing but the case's TCP segments.
#pragma once

#include <cstdint>
#include <memory>

#include "harness/tcp/segment.hpp"
#include "harness/util/error.hpp"
#include "harness/world/netlink.hpp"

namespace faultline {

// What the wire takes: TCP between these two where either port is in the range; with a service, where
// that is the port there and the one here is in the range.
struct RemoteLink {
  Address here, there;  // of one version; `here` is this machine's
  uint16_t first_port = 0, last_port = 0;
  uint16_t service_port = 0;
};

// Packets that carry it pass the wire untouched: those that it sends itself.
inline constexpr uint32_t wire_mark = 0xfa017;

// The rules, in a table of their own, which the kernel removes when this process ends, however it
// does (NFT_TABLE_F_OWNER, Linux 5.12); while nobody listens to the queue all passes. Segments are
// taken after every other rule of the machine has let them pass. When the rules go, packets that wait
// in a queue of the machine, anybody's, are dropped (nf_unregister_net_hook).
//
// The destructor also ends the sockets of this machine that are left of the case's, so that what the
// other machine still sends is answered with a RST.
class RemoteWorld {
 public:
  // In the calling thread's network namespace. Needs CAP_NET_ADMIN. Error: the kernel refused.
  [[nodiscard]] static Result<RemoteWorld> build(const RemoteLink& link, uint16_t queue);
  RemoteWorld(RemoteWorld&&) noexcept = default;
  RemoteWorld& operator=(RemoteWorld&&) = delete;
  ~RemoteWorld();

 private:
  RemoteWorld(const RemoteLink& link, Netlink rules)
      : link_(link), rules_(std::make_unique<Netlink>(std::move(rules))) {}
  void destroy_sockets() noexcept;

  RemoteLink link_;
  std::unique_ptr<Netlink> rules_;  // owns the table
};

}  // namespace faultline
