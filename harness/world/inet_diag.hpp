// The messages of inet_diag for TCP: what is asked of a NETLINK_SOCK_DIAG socket.
#pragma once

#include <linux/inet_diag.h>

#include <vector>

#include "harness/world/netlink.hpp"

namespace faultline {

// TCP sockets of AF_INET or AF_INET6 in every state, no cookie given.
[[nodiscard]] inet_diag_req_v2 tcp_diag_request(int family);

// Every TCP socket of the family in the namespace of `netlink`. The error is an errno; ENOENT: the
// kernel has no tcp_diag.
[[nodiscard]] std::expected<std::vector<inet_diag_msg>, int> dump_tcp(Netlink& netlink, int family);
// SOCK_DESTROY. ENOENT: no such socket; EOPNOTSUPP: the kernel cannot.
[[nodiscard]] std::expected<void, int> destroy_tcp(Netlink& netlink, int family,
                                                   const inet_diag_sockid& id);

}  // namespace faultline
