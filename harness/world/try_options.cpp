#include "harness/world/try_options.hpp"

#include <linux/netfilter/nfnetlink.h>  // before libnetfilter_queue.h, which has an older one

#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "harness/world/inet_diag.hpp"
#include "harness/world/netns.hpp"
#include "harness/world/queue_rule.hpp"

namespace faultline {
namespace {

bool no_socket(int family, int type, int protocol, int refusal) {
  const Fd fd(socket(family, type | SOCK_CLOEXEC, protocol));
  return !fd && errno == refusal;
}
bool no_netlink(int bus) {
  return no_socket(AF_NETLINK, SOCK_RAW, bus, EPROTONOSUPPORT);
}

// The errno with which the kernel answers: 0 for yes.
int answer(int bus, nlmsghdr* message) {
  auto netlink = Netlink::open(bus);
  if (!netlink) return EIO;
  const auto done = netlink->talk(message);
  return done ? 0 : done.error();
}

// rtnl_newlink, net/core/rtnetlink.c
bool no_veth() {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, ifinfomsg{});
  nlattr* info = mnl_attr_nest_start(message.get(), IFLA_LINKINFO);
  mnl_attr_put_strz(message.get(), IFLA_INFO_KIND, "veth");
  mnl_attr_nest_end(message.get(), info);
  return answer(NETLINK_ROUTE, message.get()) == EOPNOTSUPP;
}

// nfnetlink_rcv_msg, net/netfilter/nfnetlink.c: EINVAL where nobody is there to ask.
bool no_tables() {
  NetlinkMessage message(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN, NLM_F_ACK, nfgenmsg{});
  return answer(NETLINK_NETFILTER, message.get()) == EINVAL;
}
bool no_queue() {
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  nlmsghdr* bind = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, 0);
  bind->nlmsg_flags |= NLM_F_ACK;
  nfq_nlmsg_cfg_put_cmd(bind, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  return answer(NETLINK_NETFILTER, bind) == EINVAL;
}

bool no_diag() {
  if (no_netlink(NETLINK_SOCK_DIAG)) return true;
  auto netlink = Netlink::open(NETLINK_SOCK_DIAG);
  if (!netlink) return false;
  const auto found = dump_tcp(*netlink, AF_INET);
  return !found && found.error() == ENOENT;
}

std::vector<std::string> missing_here() {
  std::vector<std::string> missing;
  const auto check = [&](const char* option, bool lacks) {
    if (lacks) missing.emplace_back(option);
  };
  check("CONFIG_IPV6", no_socket(AF_INET6, SOCK_STREAM, 0, EAFNOSUPPORT));
  check("CONFIG_PACKET", no_socket(AF_PACKET, SOCK_RAW, 0, EAFNOSUPPORT));
  check("CONFIG_VETH", no_veth());
  if (no_netlink(NETLINK_NETFILTER)) {
    check("CONFIG_NETFILTER_NETLINK", true);
  } else {
    const bool tables = !no_tables();
    check("CONFIG_NF_TABLES", !tables);
    check("CONFIG_NFT_QUEUE", tables && !add_queue_rules());
    check("CONFIG_NETFILTER_NETLINK_QUEUE", no_queue());
  }
  check("CONFIG_INET_DIAG", no_diag());
  return missing;
}

}  // namespace

std::vector<std::string> options_found_missing() {
  if (access("/proc/self/ns/net", F_OK) != 0) return {"CONFIG_NET_NS"};
  const auto netns = new_netns();
  if (!netns) return {};
  const auto missing = in_namespace(
      netns->get(), []() -> Result<std::vector<std::string>> { return missing_here(); });
  return missing.value_or(std::vector<std::string>{});
}

}  // namespace faultline
