#include "harness/world/link.hpp"

#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <cstring>

#include "harness/util/fd.hpp"

namespace faultline {
namespace {

constexpr uint16_t make_new = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;
constexpr uint32_t mtu = 1500;

uint8_t family_of(const Address& address) {
  return address.version == 4 ? AF_INET : AF_INET6;
}

void put_address(nlmsghdr* message, uint16_t type, const Address& address) {
  mnl_attr_put(message, type, address.version == 4 ? 4 : 16, address.bytes.data());
}

void put_side(nlmsghdr* message, const VethSide& side) {
  mnl_attr_put_strz(message, IFLA_IFNAME, side.name.c_str());
  mnl_attr_put(message, IFLA_ADDRESS, side.mac.size(), side.mac.data());
  mnl_attr_put_u32(message, IFLA_MTU, mtu);
}

template <typename... Args>
Result<void> send(Netlink& netlink, NetlinkMessage& message, fmt::format_string<Args...> what,
                  Args&&... args) {
  const auto done = netlink.talk(message.get());
  if (done) return {};
  return fail("{}: {}", fmt::format(what, std::forward<Args>(args)...),
              std::strerror(done.error()));
}

// An ioctl about an interface, on any socket.
Result<void> interface_ioctl(unsigned long request, ifreq& argument, const std::string& name) {
  const Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("opening a socket");
  name.copy(argument.ifr_name, IFNAMSIZ - 1);
  if (ioctl(fd.get(), request, &argument) != 0) return fail_errno("asking interface {}", name);
  return {};
}

Result<uint32_t> ethtool(const std::string& name, uint32_t command, uint32_t value = 0) {
  ethtool_value argument{.cmd = command, .data = value};
  ifreq request{};
  request.ifr_data = reinterpret_cast<char*>(&argument);
  if (auto done = interface_ioctl(SIOCETHTOOL, request, name); !done)
    return std::unexpected(done.error());
  return argument.data;
}

Result<short> interface_flags(const std::string& name) {
  ifreq request{};
  if (auto done = interface_ioctl(SIOCGIFFLAGS, request, name); !done)
    return std::unexpected(done.error());
  return request.ifr_flags;
}

}  // namespace

Result<void> add_veth(Netlink& rtnetlink, const VethSide& here, const VethSide& there, int netns) {
  const ifinfomsg down{};  // a side can only come up once it has its peer
  NetlinkMessage message(RTM_NEWLINK, make_new, down);
  nlmsghdr* head = message.get();
  put_side(head, here);
  nlattr* info = mnl_attr_nest_start(head, IFLA_LINKINFO);
  mnl_attr_put_strz(head, IFLA_INFO_KIND, "veth");
  nlattr* data = mnl_attr_nest_start(head, IFLA_INFO_DATA);
  nlattr* peer = mnl_attr_nest_start(head, VETH_INFO_PEER);
  std::memcpy(mnl_nlmsg_put_extra_header(head, sizeof down), &down, sizeof down);
  put_side(head, there);
  mnl_attr_put_u32(head, IFLA_NET_NS_FD, static_cast<uint32_t>(netns));
  mnl_attr_nest_end(head, peer);
  mnl_attr_nest_end(head, data);
  mnl_attr_nest_end(head, info);
  return send(rtnetlink, message, "making the veth pair {} (CONFIG_VETH; modprobe veth)",
              here.name);
}

Result<void> bring_up(Netlink& rtnetlink, int ifindex) {
  const ifinfomsg up{.ifi_index = ifindex, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
  NetlinkMessage message(RTM_NEWLINK, NLM_F_ACK, up);
  return send(rtnetlink, message, "bringing interface {} up", ifindex);
}

Result<void> add_address(Netlink& rtnetlink, int ifindex, const Address& address,
                         int prefix_length) {
  const ifaddrmsg header{.ifa_family = family_of(address),
                         .ifa_prefixlen = static_cast<uint8_t>(prefix_length),
                         .ifa_flags = IFA_F_NODAD,
                         .ifa_index = static_cast<uint32_t>(ifindex)};
  NetlinkMessage message(RTM_NEWADDR, make_new, header);
  put_address(message.get(), IFA_LOCAL, address);
  put_address(message.get(), IFA_ADDRESS, address);
  return send(rtnetlink, message, "adding address {}", to_string(address));
}

Result<void> add_neighbour(Netlink& rtnetlink, int ifindex, const Address& address,
                           const Mac& mac) {
  const ndmsg header{
      .ndm_family = family_of(address), .ndm_ifindex = ifindex, .ndm_state = NUD_PERMANENT};
  NetlinkMessage message(RTM_NEWNEIGH, make_new, header);
  put_address(message.get(), NDA_DST, address);
  mnl_attr_put(message.get(), NDA_LLADDR, mac.size(), mac.data());
  return send(rtnetlink, message, "adding neighbour {}", to_string(address));
}

Result<void> add_default_route(Netlink& rtnetlink, int ifindex, const Address& gateway) {
  const rtmsg header{.rtm_family = family_of(gateway),
                     .rtm_table = RT_TABLE_MAIN,
                     .rtm_protocol = RTPROT_STATIC,
                     .rtm_scope = RT_SCOPE_UNIVERSE,
                     .rtm_type = RTN_UNICAST};
  NetlinkMessage message(RTM_NEWROUTE, make_new, header);
  put_address(message.get(), RTA_GATEWAY, gateway);
  mnl_attr_put_u32(message.get(), RTA_OIF, static_cast<uint32_t>(ifindex));
  return send(rtnetlink, message, "adding the route through {}", to_string(gateway));
}

Result<void> wait_until_local(Netlink& rtnetlink, const Address& address) {
  const auto note_type = [](const nlmsghdr* answer, void* data) -> int {
    if (mnl_nlmsg_get_payload_len(answer) >= sizeof(rtmsg))
      *static_cast<uint8_t*>(data) =
          static_cast<const rtmsg*>(mnl_nlmsg_get_payload(answer))->rtm_type;
    return MNL_CB_STOP;
  };
  const rtmsg header{.rtm_family = family_of(address),
                     .rtm_dst_len = static_cast<uint8_t>(address.version == 4 ? 32 : 128)};
  constexpr int most_yields = 100, most_naps = 10'000;  // of a millisecond
  for (int tries = 0; tries < most_yields + most_naps; ++tries) {
    NetlinkMessage message(RTM_GETROUTE, 0, header);
    put_address(message.get(), RTA_DST, address);
    uint8_t type = RTN_UNSPEC;
    const auto done = rtnetlink.talk(message.get(), note_type, &type);
    if (done && type == RTN_LOCAL) return {};
    if (!done && done.error() != ENETUNREACH && done.error() != EHOSTUNREACH)
      return fail("looking for the route to {}: {}", to_string(address),
                  std::strerror(done.error()));
    // Where computing takes no time, sleeping does: the work queue's turn comes first.
    if (tries < most_yields)
      sched_yield();
    else
      poll(nullptr, 0, 1);
  }
  return fail("the kernel did not take address {} for its own within ten seconds",
              to_string(address));
}

Result<bool> is_up(const std::string& name) {
  const auto flags = interface_flags(name);
  if (!flags) return std::unexpected(flags.error());
  return (*flags & IFF_UP) != 0;
}

Result<int> interface_index(const std::string& name) {
  const unsigned found = if_nametoindex(name.c_str());
  if (found == 0) return fail_errno("looking for interface {}", name);
  return static_cast<int>(found);
}

Result<void> switch_offloads_off(const std::string& name) {
  struct Offload {
    const char* name;
    uint32_t set, get;
  };
  static constexpr Offload offloads[] = {
      {"transmit checksums", ETHTOOL_STXCSUM, ETHTOOL_GTXCSUM},
      {"TSO", ETHTOOL_STSO, ETHTOOL_GTSO},
      {"GSO", ETHTOOL_SGSO, ETHTOOL_GGSO},
      {"GRO", ETHTOOL_SGRO, ETHTOOL_GGRO},
  };
  for (const auto& offload : offloads) {
    if (auto done = ethtool(name, offload.set, 0); !done) return std::unexpected(done.error());
    const auto now = ethtool(name, offload.get);
    if (!now) return std::unexpected(now.error());
    if (*now != 0) return fail("interface {} keeps its offload of {}", name, offload.name);
  }
  return {};
}

Result<void> wait_until_running(const std::string& name) {
  for (int tries = 0; tries < 1000; ++tries) {
    if (auto link = ethtool(name, ETHTOOL_GLINK); !link) return std::unexpected(link.error());
    const auto flags = interface_flags(name);
    if (!flags) return std::unexpected(flags.error());
    if (*flags & IFF_RUNNING) return {};
    poll(nullptr, 0, 1);  // kernels before 6.0 run the link watcher in their own time
  }
  return fail("interface {} did not come up within a second", name);
}

}  // namespace faultline
