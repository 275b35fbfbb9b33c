#include "harness/world/world.hpp"

#include <netinet/in.h>

#include <optional>
#include <utility>

#include "harness/world/device.hpp"
#include "harness/world/inet_diag.hpp"
#include "harness/world/link.hpp"
#include "harness/world/netns.hpp"
#include "harness/world/sysctl.hpp"

namespace faultline {
namespace {

struct Setting {
  const char* name;
  const char* value;
};

// In every namespace, before it has links, so that `default` counts. What net.core.
// devconf_inherit_init_net lets in from the machine is pinned along with the rest.
constexpr Setting quiet_links[] = {
    {"net.ipv4.conf.all.rp_filter", "0"},         {"net.ipv4.conf.default.rp_filter", "0"},
    {"net.ipv4.conf.all.accept_redirects", "0"},  {"net.ipv4.conf.default.accept_redirects", "0"},
    {"net.ipv4.conf.all.send_redirects", "0"},    {"net.ipv4.conf.default.send_redirects", "0"},
    {"net.ipv6.conf.all.disable_ipv6", "0"},      {"net.ipv6.conf.default.disable_ipv6", "0"},
    {"net.ipv6.conf.all.accept_dad", "0"},        {"net.ipv6.conf.default.accept_dad", "0"},
    {"net.ipv6.conf.default.accept_ra", "0"},     {"net.ipv6.conf.default.accept_redirects", "0"},
    {"net.ipv6.conf.default.addr_gen_mode", "1"},  // none: no link-local address
};

constexpr Setting inheritance[] = {{"net.core.devconf_inherit_init_net", "1"}};
constexpr Setting forwarding[] = {{"net.ipv4.ip_forward", "1"},
                                  {"net.ipv6.conf.all.forwarding", "1"}};
constexpr Setting no_forwarding[] = {{"net.ipv4.ip_forward", "0"},
                                     {"net.ipv6.conf.all.forwarding", "0"}};

// At the ends: what a new namespace takes from the machine's first one (tcp_sk_init,
// net/ipv4/tcp_ipv4.c), sizes by the machine's memory, and what would carry over from one
// connection to the next. Compile-time defaults stay as they are: they are what is tested.
constexpr Setting pinned_tcp[] = {
    {"net.ipv4.tcp_rmem", "4096 131072 6291456"}, {"net.ipv4.tcp_wmem", "4096 16384 4194304"},
    {"net.ipv4.tcp_max_syn_backlog", "1024"},     {"net.ipv4.tcp_max_tw_buckets", "16384"},
    {"net.ipv4.tcp_no_metrics_save", "1"},
};

Result<void> write_all(std::span<const Setting> settings) {
  for (const auto& [name, value] : settings)
    if (auto done = write_sysctl(name, value); !done) return std::unexpected(done.error());
  return {};
}

// Every kernel has Reno and lets every namespace use it; Cubic is refused to a namespace where the
// machine's own choice is another. A verdict must not depend on that.
Result<void> pin_congestion_control() {
  if (auto done = write_sysctl("net.ipv4.tcp_congestion_control", "reno"); !done)
    return std::unexpected(done.error());
  return {};
}

// The wire is .1 or ::1 of an end's subnet, the end .2 or ::2.
Address address_in_subnet(End end, int version, uint8_t host) {
  const bool client = end == End::client;
  Address address{.version = version};
  if (version == 4) {
    const std::array<uint8_t, 4> net = client ? std::array<uint8_t, 4>{192, 0, 2, host}
                                              : std::array<uint8_t, 4>{198, 51, 100, host};
    std::ranges::copy(net, address.bytes.begin());
  } else {
    address.bytes = {0x20, 0x01, 0x0d, 0xb8, 0, static_cast<uint8_t>(client ? 1 : 2)};
    address.bytes[15] = host;
  }
  return address;
}

// Locally administered; the last two bytes tell the link and the side.
constexpr Mac mac_of(End end, uint8_t host) {
  return {0x02, 0x00, 0x00, 0x00, static_cast<uint8_t>(end == End::client ? 1 : 2), host};
}

constexpr uint8_t wire_host = 1, end_host = 2;
constexpr const char* end_link = "eth0";  // the wire's links are called after the ends

// Addresses and the neighbour across the link for one side of it, in both families.
Result<void> address_link(Netlink& rtnetlink, const std::string& name, int ifindex, End end,
                          uint8_t own, uint8_t peer) {
  if (auto done = switch_offloads_off(name); !done) return done;
  if (auto done = wait_until_running(name); !done) return done;
  for (const int version : {4, 6}) {
    const auto mine = address_in_subnet(end, version, own);
    if (auto done = add_address(rtnetlink, ifindex, mine, version == 4 ? 24 : 64); !done)
      return done;
    if (auto done = wait_until_local(rtnetlink, mine); !done) return done;
    const auto theirs = address_in_subnet(end, version, peer);
    if (auto done = add_neighbour(rtnetlink, ifindex, theirs, mac_of(end, peer)); !done)
      return done;
    if (own != end_host) continue;
    if (auto done = add_default_route(rtnetlink, ifindex, theirs); !done) return done;
  }
  return {};
}

// In the wire's namespace. A mistake here would change the machine's own network, where lo is up.
Result<Netlink> prepare_wire() {
  const auto in_use = is_up("lo");
  if (!in_use) return std::unexpected(in_use.error());
  if (*in_use) return fail("this network namespace is in use; a world is built in a new one");
  if (auto done = write_all(forwarding); !done) return std::unexpected(done.error());
  if (auto done = write_all(quiet_links); !done) return std::unexpected(done.error());
  auto rtnetlink = Netlink::open(NETLINK_ROUTE);
  if (!rtnetlink) return rtnetlink;
  if (auto done = bring_up(*rtnetlink, loopback); !done) return std::unexpected(done.error());
  return rtnetlink;
}

// In an end's namespace, before its link is made.
Result<void> prepare_end() {
  if (auto done = write_all(no_forwarding); !done) return done;
  if (auto done = write_all(quiet_links); !done) return done;
  if (auto done = write_all(pinned_tcp); !done) return done;
  return pin_congestion_control();
}

// In an end's namespace, once its link is there and up at the wire's side.
Result<void> finish_end(End end) {
  auto rtnetlink = Netlink::open(NETLINK_ROUTE);
  if (!rtnetlink) return std::unexpected(rtnetlink.error());
  if (auto done = bring_up(*rtnetlink, loopback); !done) return done;
  const auto ifindex = interface_index(end_link);
  if (!ifindex) return std::unexpected(ifindex.error());
  if (auto done = bring_up(*rtnetlink, *ifindex); !done) return done;
  return address_link(*rtnetlink, end_link, *ifindex, end, end_host, wire_host);
}

// The link from the wire, in whose namespace the thread is, to an end; the wire's interface index.
Result<int> join(Netlink& rtnetlink, End end, int netns) {
  if (auto done = in_namespace(netns, prepare_end); !done) return std::unexpected(done.error());
  const auto name = std::string(to_string(end));
  if (auto done = add_veth(rtnetlink, {name, mac_of(end, wire_host)},
                           {end_link, mac_of(end, end_host)}, netns);
      !done)
    return std::unexpected(done.error());
  const auto ifindex = interface_index(name);
  if (!ifindex) return ifindex;
  if (auto done = bring_up(rtnetlink, *ifindex); !done) return std::unexpected(done.error());
  if (auto done = in_namespace(netns, [end] { return finish_end(end); }); !done)
    return std::unexpected(done.error());
  if (auto done = address_link(rtnetlink, name, *ifindex, end, wire_host, end_host); !done)
    return std::unexpected(done.error());
  return ifindex;
}

// The same where a stack of user space stands there.
Result<int> join_device(Netlink& rtnetlink, End end, Attach attach, Fd& device) {
  const auto name = std::string(to_string(end));
  auto made = make_device(name, attach, mac_of(end, wire_host));
  if (!made) return std::unexpected(made.error());
  device = std::move(*made);
  const auto ifindex = interface_index(name);
  if (!ifindex) return ifindex;
  if (auto done = bring_up(rtnetlink, *ifindex); !done) return std::unexpected(done.error());
  if (auto done = wait_until_running(name); !done) return std::unexpected(done.error());
  for (const int version : {4, 6}) {
    const auto mine = address_in_subnet(end, version, wire_host);
    if (auto done = add_address(rtnetlink, *ifindex, mine, version == 4 ? 24 : 64); !done)
      return std::unexpected(done.error());
    if (auto done = wait_until_local(rtnetlink, mine); !done) return std::unexpected(done.error());
    if (attach != Attach::tap) continue;
    const auto theirs = address_in_subnet(end, version, end_host);
    if (auto done = add_neighbour(rtnetlink, *ifindex, theirs, mac_of(end, end_host)); !done)
      return std::unexpected(done.error());
  }
  return ifindex;
}

}  // namespace

// net/ipv4/devinet.c, inet_net_init and net/ipv6/addrconf.c, addrconf_init_net: with 1 both
// families' `conf` is a copy of the first namespace's; so is what pinned_tcp names first in any
// case.
Result<void> set_defaults_of_worlds() {
  if (auto done = write_all(inheritance); !done) return done;
  if (auto done = write_all(quiet_links); !done) return done;
  if (auto done = write_all(pinned_tcp); !done) return done;
  return pin_congestion_control();
}

Result<World> World::build(std::array<Attach, 2> attached) {
  World world;
  auto rtnetlink = prepare_wire();
  if (!rtnetlink) return std::unexpected(rtnetlink.error());
  for (const End end : both_ends) {
    auto netns = new_netns();
    if (!netns) return std::unexpected(netns.error());
    const Attach attach = attached[index(end)];
    Fd device;
    const auto ifindex = attach == Attach::kernel ? join(*rtnetlink, end, netns->get())
                                                  : join_device(*rtnetlink, end, attach, device);
    if (!ifindex) return std::unexpected(ifindex.error());
    world.ends_[index(end)] = {.netns = std::move(*netns),
                               .device = std::move(device),
                               .port = {.ifindex = *ifindex,
                                        .source = mac_of(end, wire_host),
                                        .destination = mac_of(end, end_host)}};
  }
  return world;
}

World::~World() {
  destroy_sockets();
}

Address World::address(End end, int version) {
  return address_in_subnet(end, version, end_host);
}

Address World::gateway(End end, int version) {
  return address_in_subnet(end, version, wire_host);
}

Result<std::string> World::write_sysctl(End end, std::string_view name, std::string_view value) {
  return in_namespace(netns(end), [&] { return faultline::write_sysctl(name, value); });
}

Result<std::string> World::read_sysctl(End end, std::string_view name) const {
  return in_namespace(netns(end), [&] { return faultline::read_sysctl(name); });
}

// Reading them one by one is a quarter of what a world costs.
Result<std::map<std::string, std::string>> World::initial_tcp_sysctls() const {
  static std::optional<std::map<std::string, std::string>> known;
  if (!known) {
    const End of_the_kernel = device(End::client) < 0 ? End::client : End::server;
    auto all = in_namespace(netns(of_the_kernel), read_all_tcp_sysctls);
    if (!all) return all;
    known = std::move(*all);
  }
  return *known;
}

void World::destroy_sockets() noexcept {
  for (const End end : both_ends) {
    if (netns(end) < 0) continue;
    auto netlink = in_namespace(netns(end), [] { return Netlink::open(NETLINK_SOCK_DIAG); });
    if (!netlink) continue;
    for (const int family : {AF_INET, AF_INET6}) {
      const auto found = dump_tcp(*netlink, family);
      if (!found) continue;
      for (const auto& one : *found) (void)destroy_tcp(*netlink, family, one.id);
    }
  }
}

}  // namespace faultline
