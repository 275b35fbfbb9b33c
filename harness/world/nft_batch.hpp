// Tables, chains and rules of nf_tables, added in one transaction.
#pragma once

#include <cstdio>  // before libnftnl/expr.h, which needs FILE

#include <libnftnl/expr.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "harness/world/netlink.hpp"
#include "harness/world/queue_rule.hpp"

namespace faultline {

// One way to say "queue it": the nft expression, or a revision of the xtables target.
struct QueueWay {
  QueueMethod method;
  uint32_t revision = 0;
};
inline constexpr std::array<QueueWay, 4> queue_ways{{{QueueMethod::nft},
                                                     {QueueMethod::xtables, 3},
                                                     {QueueMethod::xtables, 2},
                                                     {QueueMethod::xtables, 1}}};

// `bypass`: where nobody listens to the queue all passes, instead of being dropped; revision 1 of the
// target has no such thing.
[[nodiscard]] nftnl_expr* queue_expression(const QueueWay& way, uint16_t queue, bool bypass);

// A transaction under construction: all of it happens, or nothing. Families are NFPROTO_…
class NftBatch {
 public:
  NftBatch();
  // `flags`: NFT_TABLE_F_…
  void add_table(uint16_t family, const char* table, uint32_t flags = 0);
  // A base chain of type "filter" that accepts what no rule decides about.
  void add_chain(uint16_t family, const char* table, const char* chain, uint32_t hook,
                 int32_t priority);
  // Takes the expressions.
  void add_rule(uint16_t family, const char* table, const char* chain,
                std::initializer_list<nftnl_expr*> expressions);
  // REQUIRES: a rule was added last, and nothing else was or will be sent on this socket.
  [[nodiscard]] std::expected<void, int> commit(Netlink& netlink);

 private:
  [[nodiscard]] char* next() { return buffer_.data() + used_; }
  void advance();
  [[nodiscard]] nlmsghdr* begin(uint16_t type, uint16_t family, uint16_t flags);

  alignas(nlmsghdr) std::array<char, 16384> buffer_{};
  size_t used_ = 0, last_rule_ = 0;
  uint32_t seq_ = 1;
};

}  // namespace faultline
