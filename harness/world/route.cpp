#include "harness/world/route.hpp"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cstring>

#include "harness/world/netlink.hpp"

namespace faultline {
namespace {

int take_attribute(const nlattr* attribute, void* data) {
  auto& route = *static_cast<Route*>(data);
  const auto type = mnl_attr_get_type(attribute);
  if (type == RTA_OIF) route.ifindex = static_cast<int>(mnl_attr_get_u32(attribute));
  if (type == RTA_PREFSRC)
    std::memcpy(route.source.bytes.data(), mnl_attr_get_payload(attribute),
                std::min<size_t>(mnl_attr_get_payload_len(attribute), sizeof route.source.bytes));
  return MNL_CB_OK;
}

int take_route(const nlmsghdr* message, void* data) {
  if (message->nlmsg_type != RTM_NEWROUTE) return MNL_CB_OK;
  const auto* head = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
  static_cast<Route*>(data)->local = head->rtm_type == RTN_LOCAL;
  mnl_attr_parse(message, sizeof *head, take_attribute, data);
  return MNL_CB_STOP;
}

}  // namespace

Result<Route> route_to(const Address& address, const std::string& interface) {
  auto netlink = Netlink::open(NETLINK_ROUTE);
  if (!netlink) return std::unexpected(netlink.error());
  const bool is_v4 = address.version == 4;
  const auto bits = static_cast<unsigned char>(is_v4 ? 32 : 128);
  NetlinkMessage request(RTM_GETROUTE, 0,
                         rtmsg{.rtm_family = static_cast<unsigned char>(is_v4 ? AF_INET : AF_INET6),
                               .rtm_dst_len = bits});
  mnl_attr_put(request.get(), RTA_DST, bits / 8U, address.bytes.data());
  const unsigned index = interface.empty() ? 0 : if_nametoindex(interface.c_str());
  if (!interface.empty()) {
    if (index == 0) return fail("there is no interface '{}'", interface);
    mnl_attr_put_u32(request.get(), RTA_OIF, index);
  }
  Route route{.source = {.version = address.version}};
  const auto done = netlink->talk(request.get(), take_route, &route);
  if (!done) return fail("no route to {}: {}", to_string(address), std::strerror(done.error()));
  if (index != 0 && !route.local && route.ifindex != static_cast<int>(index))
    return fail("{} is not reached by the interface '{}'", to_string(address), interface);
  return route;
}

}  // namespace faultline
