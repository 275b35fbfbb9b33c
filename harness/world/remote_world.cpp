#include <netinet/in.h>  // before linux/netfilter.h, or the two define the same things

#include "harness/world/remote_world.hpp"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "harness/world/inet_diag.hpp"
#include "harness/world/nft_batch.hpp"

namespace faultline {
namespace {

// After those of a firewall (NF_IP_PRI_FILTER is 0) and of NAT (100).
constexpr int32_t after_others = 200;

nftnl_expr* load_from(uint32_t base, uint32_t offset, uint32_t length) {
  nftnl_expr* expression = nftnl_expr_alloc("payload");
  nftnl_expr_set_u32(expression, NFTNL_EXPR_PAYLOAD_BASE, base);
  nftnl_expr_set_u32(expression, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
  nftnl_expr_set_u32(expression, NFTNL_EXPR_PAYLOAD_LEN, length);
  nftnl_expr_set_u32(expression, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
  return expression;
}

nftnl_expr* load_meta(uint32_t key) {
  nftnl_expr* expression = nftnl_expr_alloc("meta");
  nftnl_expr_set_u32(expression, NFTNL_EXPR_META_KEY, key);
  nftnl_expr_set_u32(expression, NFTNL_EXPR_META_DREG, NFT_REG_1);
  return expression;
}

nftnl_expr* compare(uint32_t how, const void* with, uint32_t size) {
  nftnl_expr* expression = nftnl_expr_alloc("cmp");
  nftnl_expr_set_u32(expression, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
  nftnl_expr_set_u32(expression, NFTNL_EXPR_CMP_OP, how);
  nftnl_expr_set(expression, NFTNL_EXPR_CMP_DATA, with, size);
  return expression;
}

nftnl_expr* compare_port(uint32_t how, uint16_t port) {
  const uint16_t in_order = htons(port);
  return compare(how, &in_order, sizeof in_order);
}

nftnl_expr* accept_expression() {
  nftnl_expr* expression = nftnl_expr_alloc("immediate");
  nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
  nftnl_expr_set_u32(expression, NFTNL_EXPR_IMM_VERDICT, NF_ACCEPT);
  return expression;
}

// Where the addresses are in the header of IPv4 (RFC 791 3.1) and IPv6 (RFC 8200 3).
struct Layout {
  uint32_t source, destination, size;
};
constexpr Layout layout_of(int version) {
  return version == 4 ? Layout{12, 16, 4} : Layout{8, 24, 16};
}

class Rules {
 public:
  Rules(const RemoteLink& link, const QueueWay& way, uint16_t queue)
      : link_(link),
        way_(way),
        queue_(queue),
        family_(link.there.version == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6),
        table_("faultline-" + std::to_string(getpid())) {}

  std::expected<void, int> commit(Netlink& netlink) {
    batch_.add_table(family_, table_.c_str(), NFT_TABLE_F_OWNER);
    add_chain("output", NF_INET_LOCAL_OUT, link_.here, link_.there);
    add_chain("input", NF_INET_LOCAL_IN, link_.there, link_.here);
    return batch_.commit(netlink);
  }

 private:
  void add_chain(const char* chain, uint32_t hook, const Address& source, const Address& destination) {
    batch_.add_chain(family_, table_.c_str(), chain, hook, after_others);
    const uint32_t mark = wire_mark;
    batch_.add_rule(family_, table_.c_str(), chain,
                    {load_meta(NFT_META_MARK), compare(NFT_CMP_EQ, &mark, sizeof mark),
                     accept_expression()});
    constexpr uint32_t source_port = 0, destination_port = 2;
    const bool is_output = hook == NF_INET_LOCAL_OUT;
    for (const uint32_t port : {source_port, destination_port})
      if (link_.service_port == 0 || is_output == (port == source_port))
        add_queueing(chain, source, destination, port);
  }

  void add_queueing(const char* chain, const Address& source, const Address& destination,
                    uint32_t port) {
    const Layout at = layout_of(link_.there.version);
    const uint8_t tcp = IPPROTO_TCP;
    batch_.add_rule(family_, table_.c_str(), chain,
                    {load_from(NFT_PAYLOAD_NETWORK_HEADER, at.source, at.size),
                     compare(NFT_CMP_EQ, source.bytes.data(), at.size),
                     load_from(NFT_PAYLOAD_NETWORK_HEADER, at.destination, at.size),
                     compare(NFT_CMP_EQ, destination.bytes.data(), at.size),
                     load_meta(NFT_META_L4PROTO), compare(NFT_CMP_EQ, &tcp, sizeof tcp),
                     load_from(NFT_PAYLOAD_TRANSPORT_HEADER, port, sizeof link_.first_port),
                     compare_port(NFT_CMP_GTE, link_.first_port),
                     compare_port(NFT_CMP_LTE, link_.last_port),
                     // The other port: the service's, or any.
                     load_from(NFT_PAYLOAD_TRANSPORT_HEADER, 2 - port, sizeof link_.service_port),
                     compare_port(link_.service_port != 0 ? NFT_CMP_EQ : NFT_CMP_GTE,
                                  link_.service_port),
                     queue_expression(way_, queue_, true)});
  }

  const RemoteLink& link_;
  const QueueWay& way_;
  uint16_t queue_, family_;
  std::string table_;
  NftBatch batch_;
};

bool is_of_the_case(const RemoteLink& link, uint16_t here, uint16_t there) {
  const auto in_range = [&](uint16_t port) {
    return port >= link.first_port && port <= link.last_port;
  };
  if (link.service_port != 0) return in_range(here) && there == link.service_port;
  return in_range(here) || in_range(there);
}

}  // namespace

Result<RemoteWorld> RemoteWorld::build(const RemoteLink& link, uint16_t queue) {
  std::string refusals;
  for (const QueueWay& way : queue_ways) {
    if (way.method == QueueMethod::xtables && way.revision < 2) continue;
    auto netlink = Netlink::open(NETLINK_NETFILTER);
    if (!netlink) return fail("{} (CONFIG_NETFILTER_NETLINK)", netlink.error().what);
    const auto done = Rules(link, way, queue).commit(*netlink);
    if (done) return RemoteWorld(link, std::move(*netlink));
    refusals += fmt::format("\n  {}: {}", to_string(way.method), std::strerror(done.error()));
  }
  return fail(
      "the kernel takes no rule that queues packets; it needs CAP_NET_ADMIN, Linux 5.12, nf_tables, "
      "and either nft_queue or nft_compat with xt_NFQUEUE{}",
      refusals);
}

RemoteWorld::~RemoteWorld() {
  if (!rules_) return;
  rules_.reset();
  destroy_sockets();
}

// Best effort: what the kernel cannot destroy goes by itself.
void RemoteWorld::destroy_sockets() noexcept {
  auto netlink = Netlink::open(NETLINK_SOCK_DIAG);
  if (!netlink) return;
  const int family = link_.there.version == 4 ? AF_INET : AF_INET6;
  const auto sockets = dump_tcp(*netlink, family);
  if (!sockets) return;
  for (const auto& one : *sockets) {
    const size_t size = link_.there.version == 4 ? 4 : 16;
    const bool is_there = std::memcmp(one.id.idiag_dst, link_.there.bytes.data(), size) == 0;
    if (is_there &&
        is_of_the_case(link_, ntohs(one.id.idiag_sport), ntohs(one.id.idiag_dport)))
      (void)destroy_tcp(*netlink, family, one.id);
  }
}

}  // namespace faultline
