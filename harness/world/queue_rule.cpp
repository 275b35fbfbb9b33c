#include "harness/world/queue_rule.hpp"

#include <netinet/in.h>  // before linux/netfilter.h, or the two define the same things

#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/xt_NFQUEUE.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "harness/world/netlink.hpp"

namespace faultline {
namespace {

constexpr const char* table_name = "faultline";
constexpr const char* chain_name = "forward";

// One way to say "queue it": the nft expression, or a revision of the xtables target.
struct Way {
  QueueMethod method;
  uint32_t revision = 0;
};
constexpr Way ways[] = {{QueueMethod::nft},
                        {QueueMethod::xtables, 3},
                        {QueueMethod::xtables, 2},
                        {QueueMethod::xtables, 1}};

nftnl_expr* make_expression(const Way& way, uint16_t queue) {
  if (way.method == QueueMethod::nft) {
    nftnl_expr* expression = nftnl_expr_alloc("queue");
    nftnl_expr_set_u16(expression, NFTNL_EXPR_QUEUE_NUM, queue);
    nftnl_expr_set_u16(expression, NFTNL_EXPR_QUEUE_TOTAL, 1);
    nftnl_expr_set_u16(expression, NFTNL_EXPR_QUEUE_FLAGS, 0);
    return expression;
  }
  // Revisions 1 and 2 are shorter, but all are padded to eight bytes (XT_ALIGN); what is beyond
  // a revision's fields is zero, as are flags and bypass.
  constexpr size_t padded = 8;
  static_assert(sizeof(xt_NFQ_info_v3) <= padded);
  const xt_NFQ_info_v3 info{.queuenum = queue, .queues_total = 1, .flags = 0};
  void* owned = std::calloc(1, padded);  // the expression frees it
  std::memcpy(owned, &info, sizeof info);
  nftnl_expr* expression = nftnl_expr_alloc("target");
  nftnl_expr_set_str(expression, NFTNL_EXPR_TG_NAME, "NFQUEUE");
  nftnl_expr_set_u32(expression, NFTNL_EXPR_TG_REV, way.revision);
  nftnl_expr_set(expression, NFTNL_EXPR_TG_INFO, owned, padded);
  return expression;
}

// A transaction under construction: all of it happens, or nothing.
class Batch {
 public:
  Batch() { nftnl_batch_begin(next(), seq_++), advance(); }
  void add_table(uint16_t family);
  void add_chain(uint16_t family);
  void add_rule(uint16_t family, nftnl_expr* expression);
  [[nodiscard]] std::expected<void, int> commit(Netlink& netlink) {
    nftnl_batch_end(next(), seq_++), advance();
    return netlink.talk_batch(buffer_.data(), used_);
  }

 private:
  [[nodiscard]] char* next() { return buffer_.data() + used_; }
  void advance() { used_ += MNL_ALIGN(reinterpret_cast<nlmsghdr*>(next())->nlmsg_len); }
  [[nodiscard]] nlmsghdr* begin(uint16_t type, uint16_t family, uint16_t flags) {
    return nftnl_nlmsg_build_hdr(next(), type, family, flags | NLM_F_CREATE, seq_++);
  }

  alignas(nlmsghdr) std::array<char, 8192> buffer_{};
  size_t used_ = 0;
  uint32_t seq_ = 1;
};

void Batch::add_table(uint16_t family) {
  const std::unique_ptr<nftnl_table, decltype(&nftnl_table_free)> table(nftnl_table_alloc(),
                                                                        nftnl_table_free);
  nftnl_table_set_str(table.get(), NFTNL_TABLE_NAME, table_name);
  nftnl_table_nlmsg_build_payload(begin(NFT_MSG_NEWTABLE, family, NLM_F_EXCL), table.get());
  advance();
}

void Batch::add_chain(uint16_t family) {
  const std::unique_ptr<nftnl_chain, decltype(&nftnl_chain_free)> chain(nftnl_chain_alloc(),
                                                                        nftnl_chain_free);
  nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_TABLE, table_name);
  nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_NAME, chain_name);
  nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_TYPE, "filter");
  nftnl_chain_set_u32(chain.get(), NFTNL_CHAIN_HOOKNUM, NF_INET_FORWARD);
  nftnl_chain_set_s32(chain.get(), NFTNL_CHAIN_PRIO, 0);
  nftnl_chain_set_u32(chain.get(), NFTNL_CHAIN_POLICY, NF_ACCEPT);
  nftnl_chain_nlmsg_build_payload(begin(NFT_MSG_NEWCHAIN, family, NLM_F_EXCL), chain.get());
  advance();
}

void Batch::add_rule(uint16_t family, nftnl_expr* expression) {
  const std::unique_ptr<nftnl_rule, decltype(&nftnl_rule_free)> rule(nftnl_rule_alloc(),
                                                                     nftnl_rule_free);
  nftnl_rule_set_str(rule.get(), NFTNL_RULE_TABLE, table_name);
  nftnl_rule_set_str(rule.get(), NFTNL_RULE_CHAIN, chain_name);
  nftnl_rule_add_expr(rule.get(), expression);
  // Acknowledged, so that a batch that goes well has an answer; the one for the last rule is
  // enough.
  const uint16_t answer = family == NFPROTO_IPV6 ? NLM_F_ACK : 0;
  nftnl_rule_nlmsg_build_payload(begin(NFT_MSG_NEWRULE, family, NLM_F_APPEND | answer), rule.get());
  advance();
}

Result<void> try_way(const Way& way, uint16_t queue) {
  auto netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return fail("{} (CONFIG_NETFILTER_NETLINK)", netlink.error().what);
  Batch batch;
  for (const uint16_t family : {NFPROTO_IPV4, NFPROTO_IPV6}) {
    batch.add_table(family);
    batch.add_chain(family);
    batch.add_rule(family, make_expression(way, queue));
  }
  const auto done = batch.commit(*netlink);
  if (!done) return fail("{}", std::strerror(done.error()));
  return {};
}

}  // namespace

Result<QueueMethod> add_queue_rules(uint16_t queue) {
  std::string refusals;
  for (const auto& way : ways) {
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
