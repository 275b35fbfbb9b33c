// Constants of the kernel that several models need.
#pragma once

#include <cstdint>

#include "harness/util/time.hpp"

namespace faultline {

inline constexpr int64_t most_retries = 255;        // the u8 of tcp_retries2 and its like
inline constexpr int64_t most_seconds = 2'147'483;  // what fits a sysctl in jiffies at 1000 Hz
inline constexpr int64_t most_syns = 127;           // MAX_TCP_SYNCNT, include/net/tcp.h
inline constexpr int64_t safe_orphan_retries = 8;   // tcp_timer.c, tcp_orphan_retries
inline constexpr Nanos initial_rto = 1s;            // TCP_TIMEOUT_INIT, include/net/tcp.h

}  // namespace faultline
