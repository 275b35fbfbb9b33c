#include "harness/world/queue_rule.hpp"

#include <netinet/in.h>  // before linux/netfilter.h, or the two define the same things

#include <linux/netfilter.h>

#include <cstring>
#include <string>

#include "harness/world/nft_batch.hpp"

namespace faultline {
namespace {

constexpr const char* table = "faultline";
constexpr const char* chain = "forward";

Result<void> try_way(const QueueWay& way, uint16_t queue) {
  auto netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return fail("{} (CONFIG_NETFILTER_NETLINK)", netlink.error().what);
  NftBatch batch;
  for (const uint16_t family : {NFPROTO_IPV4, NFPROTO_IPV6}) {
    batch.add_table(family, table);
    batch.add_chain(family, table, chain, NF_INET_FORWARD, 0);
    batch.add_rule(family, table, chain, {queue_expression(way, queue, false)});
  }
  const auto done = batch.commit(*netlink);
  if (!done) return fail("{}", std::strerror(done.error()));
  return {};
}

}  // namespace

Result<QueueMethod> add_queue_rules(uint16_t queue) {
  std::string refusals;
  for (const auto& way : queue_ways) {
    const auto done = try_way(way, queue);
    if (done) return way.method;
    const auto revision = way.revision ? fmt::format(" (revision {})", way.revision) : "";
    refusals += fmt::format("\n  {}{}: {}", to_string(way.method), revision, done.error().what);
  }
  return fail(
      "the kernel takes no rule that queues packets; it needs CONFIG_NF_TABLES (modprobe "
      "nf_tables) "
      "and either CONFIG_NFT_QUEUE (modprobe nft_queue) or CONFIG_NFT_COMPAT with "
      "CONFIG_NETFILTER_XT_TARGET_NFQUEUE (modprobe nft_compat xt_NFQUEUE){}",
      refusals);
}

}  // namespace faultline
