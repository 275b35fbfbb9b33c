#include "harness/world/inet_diag.hpp"

#include <linux/sock_diag.h>
#include <netinet/in.h>

namespace faultline {

inet_diag_req_v2 tcp_diag_request(int family) {
  inet_diag_req_v2 request{};
  request.sdiag_family = static_cast<uint8_t>(family);
  request.sdiag_protocol = IPPROTO_TCP;
  // ESTABLISHED to NEW_SYN_RECV: not the bound but unused sockets that come after it (6.8).
  request.idiag_states = 0x1ffe;
  request.id.idiag_cookie[0] = request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

std::expected<std::vector<inet_diag_msg>, int> dump_tcp(Netlink& netlink, int family) {
  NetlinkMessage message(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, tcp_diag_request(family));
  std::vector<inet_diag_msg> found;
  const auto collect = [](const nlmsghdr* answer, void* data) -> int {
    if (mnl_nlmsg_get_payload_len(answer) < sizeof(inet_diag_msg)) return MNL_CB_OK;
    static_cast<std::vector<inet_diag_msg>*>(data)->push_back(
        *static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(answer)));
    return MNL_CB_OK;
  };
  if (auto done = netlink.talk(message.get(), collect, &found); !done)
    return std::unexpected(done.error());
  return found;
}

std::expected<void, int> destroy_tcp(Netlink& netlink, int family, const inet_diag_sockid& id) {
  auto request = tcp_diag_request(family);
  request.id = id;
  NetlinkMessage message(SOCK_DESTROY, NLM_F_ACK, request);
  return netlink.talk(message.get());
}

}  // namespace faultline
