// The nf_tables rules that send everything the wire forwards into an NFQUEUE (DESIGN D2).
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/util/error.hpp"

namespace faultline {

// How the kernel does it. `nft`: expression `queue` (CONFIG_NFT_QUEUE); `xtables`: the NFQUEUE
// target through nft_compat (CONFIG_NETFILTER_XT_TARGET_NFQUEUE, CONFIG_NFT_COMPAT).
enum class QueueMethod : uint8_t { nft, xtables };
[[nodiscard]] constexpr std::string_view to_string(QueueMethod method) {
  return method == QueueMethod::nft ? "nft queue" : "xtables NFQUEUE through nft_compat";
}

// In the calling thread's network namespace: one table each for ip and ip6 with one chain at the
// forward hook, whose one rule queues all: TCP, ICMP, fragments. Without a listener everything
// is dropped (no bypass): a wire that died must not look like one that passes.
//
// Call it once, before any packet flows: a new base chain drops what a queue of the namespace
// holds. The rules go with the namespace. An Error names the kernel option and the module that is
// missing.
[[nodiscard]] Result<QueueMethod> add_queue_rules(uint16_t queue = 0);

}  // namespace faultline
