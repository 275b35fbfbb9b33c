#include <netinet/in.h>  // before linux/netfilter.h, or the two define the same things

#include "harness/world/nft_batch.hpp"

#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/xt_NFQUEUE.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace faultline {

nftnl_expr* queue_expression(const QueueWay& way, uint16_t queue, bool bypass) {
  if (way.method == QueueMethod::nft) {
    nftnl_expr* expression = nftnl_expr_alloc("queue");
    nftnl_expr_set_u16(expression, NFTNL_EXPR_QUEUE_NUM, queue);
    nftnl_expr_set_u16(expression, NFTNL_EXPR_QUEUE_TOTAL, 1);
    nftnl_expr_set_u16(expression, NFTNL_EXPR_QUEUE_FLAGS, bypass ? NFT_QUEUE_FLAG_BYPASS : 0);
    return expression;
  }
  // Revision 2 says in the place of the flags whether to bypass, by the same number. Revisions 1 and
  // 2 are shorter, but all are padded to eight bytes (XT_ALIGN); what is beyond a revision's fields
  // is zero.
  constexpr size_t padded = 8;
  static_assert(sizeof(xt_NFQ_info_v3) <= padded);
  const xt_NFQ_info_v3 info{.queuenum = queue,
                            .queues_total = 1,
                            .flags = static_cast<uint16_t>(bypass ? NFQ_FLAG_BYPASS : 0)};
  void* owned = std::calloc(1, padded);  // the expression frees it
  std::memcpy(owned, &info, sizeof info);
  nftnl_expr* expression = nftnl_expr_alloc("target");
  nftnl_expr_set_str(expression, NFTNL_EXPR_TG_NAME, "NFQUEUE");
  nftnl_expr_set_u32(expression, NFTNL_EXPR_TG_REV, way.revision);
  nftnl_expr_set(expression, NFTNL_EXPR_TG_INFO, owned, padded);
  return expression;
}

NftBatch::NftBatch() {
  nftnl_batch_begin(next(), seq_++);
  advance();
}

void NftBatch::advance() {
  used_ += MNL_ALIGN(reinterpret_cast<nlmsghdr*>(next())->nlmsg_len);
}

nlmsghdr* NftBatch::begin(uint16_t type, uint16_t family, uint16_t flags) {
  return nftnl_nlmsg_build_hdr(next(), type, family, flags | NLM_F_CREATE, seq_++);
}

void NftBatch::add_table(uint16_t family, const char* table, uint32_t flags) {
  const std::unique_ptr<nftnl_table, decltype(&nftnl_table_free)> made(nftnl_table_alloc(),
                                                                       nftnl_table_free);
  nftnl_table_set_str(made.get(), NFTNL_TABLE_NAME, table);
  if (flags != 0) nftnl_table_set_u32(made.get(), NFTNL_TABLE_FLAGS, flags);
  nftnl_table_nlmsg_build_payload(begin(NFT_MSG_NEWTABLE, family, NLM_F_EXCL), made.get());
  advance();
}

void NftBatch::add_chain(uint16_t family, const char* table, const char* chain, uint32_t hook,
                         int32_t priority) {
  const std::unique_ptr<nftnl_chain, decltype(&nftnl_chain_free)> made(nftnl_chain_alloc(),
                                                                       nftnl_chain_free);
  nftnl_chain_set_str(made.get(), NFTNL_CHAIN_TABLE, table);
  nftnl_chain_set_str(made.get(), NFTNL_CHAIN_NAME, chain);
  nftnl_chain_set_str(made.get(), NFTNL_CHAIN_TYPE, "filter");
  nftnl_chain_set_u32(made.get(), NFTNL_CHAIN_HOOKNUM, hook);
  nftnl_chain_set_s32(made.get(), NFTNL_CHAIN_PRIO, priority);
  nftnl_chain_set_u32(made.get(), NFTNL_CHAIN_POLICY, NF_ACCEPT);
  nftnl_chain_nlmsg_build_payload(begin(NFT_MSG_NEWCHAIN, family, NLM_F_EXCL), made.get());
  advance();
}

void NftBatch::add_rule(uint16_t family, const char* table, const char* chain,
                        std::initializer_list<nftnl_expr*> expressions) {
  const std::unique_ptr<nftnl_rule, decltype(&nftnl_rule_free)> made(nftnl_rule_alloc(),
                                                                     nftnl_rule_free);
  nftnl_rule_set_str(made.get(), NFTNL_RULE_TABLE, table);
  nftnl_rule_set_str(made.get(), NFTNL_RULE_CHAIN, chain);
  for (nftnl_expr* expression : expressions) nftnl_rule_add_expr(made.get(), expression);
  last_rule_ = used_;
  nftnl_rule_nlmsg_build_payload(begin(NFT_MSG_NEWRULE, family, NLM_F_APPEND), made.get());
  advance();
}

// The last rule is acknowledged, so that a batch that goes well has an answer.
std::expected<void, int> NftBatch::commit(Netlink& netlink) {
  reinterpret_cast<nlmsghdr*>(buffer_.data() + last_rule_)->nlmsg_flags |= NLM_F_ACK;
  nftnl_batch_end(next(), seq_++);
  advance();
  return netlink.talk_batch(buffer_.data(), used_);
}

}  // namespace faultline
