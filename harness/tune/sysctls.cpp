#include "harness/tune/sysctls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <vector>

namespace faultline {
namespace {

constexpr int64_t int_max = std::numeric_limits<int32_t>::max();
constexpr int64_t most_syns = 127;  // MAX_TCP_SYNCNT

// net/ipv4/sysctl_net_ipv4.c for the ranges, net/ipv4/tcp_ipv4.c (tcp_sk_init) for the defaults.
// The kernel takes a negative number of seconds too; no timer can be made of it.
const std::array<TcpSysctl, 16> timers{{
    {.key = "net.ipv4.tcp_syn_retries", .least = 1, .most = most_syns, .standard = 6},
    {.key = "net.ipv4.tcp_syn_linear_timeouts", .most = most_syns, .standard = 4, .since = {6, 5}},
    {.key = "net.ipv4.tcp_synack_retries", .standard = 5},
    {.key = "net.ipv4.tcp_retries2", .standard = 15},
    {.key = "net.ipv4.tcp_orphan_retries", .standard = 0},
    {.key = "net.ipv4.tcp_fin_timeout", .most = int_max, .seconds = true, .standard = 60},
    {.key = "net.ipv4.tcp_keepalive_time", .most = int_max, .seconds = true, .standard = 7200},
    {.key = "net.ipv4.tcp_keepalive_intvl", .most = int_max, .seconds = true, .standard = 75},
    {.key = "net.ipv4.tcp_keepalive_probes", .standard = 9},
    {.key = "net.ipv4.tcp_rto_min_us",
     .least = 1,
     .most = int_max,
     .standard = 200'000,
     .since = {6, 11}},
    {.key = "net.ipv4.tcp_rto_max_ms",
     .least = 1'000,
     .most = 120'000,
     .standard = 120'000,
     .since = {6, 15}},
    {.key = "net.ipv4.tcp_early_retrans", .most = 4, .standard = 3},
    {.key = "net.ipv4.tcp_thin_linear_timeouts", .standard = 0},
    {.key = "net.ipv4.tcp_sack", .standard = 1},
    {.key = "net.ipv4.tcp_timestamps", .standard = 1},
    {.key = "net.ipv4.tcp_tw_reuse", .most = 2, .standard = 2},
}};

// The others of Linux 6.1 to 6.18.
constexpr auto others = std::to_array<std::string_view>({"tcp_abort_on_overflow",
                                                         "tcp_adv_win_scale",
                                                         "tcp_allowed_congestion_control",
                                                         "tcp_app_win",
                                                         "tcp_autocorking",
                                                         "tcp_available_congestion_control",
                                                         "tcp_available_ulp",
                                                         "tcp_backlog_ack_defer",
                                                         "tcp_base_mss",
                                                         "tcp_challenge_ack_limit",
                                                         "tcp_child_ehash_entries",
                                                         "tcp_comp_sack_delay_ns",
                                                         "tcp_comp_sack_nr",
                                                         "tcp_comp_sack_slack_ns",
                                                         "tcp_congestion_control",
                                                         "tcp_dsack",
                                                         "tcp_early_demux",
                                                         "tcp_ecn",
                                                         "tcp_ecn_fallback",
                                                         "tcp_ecn_option",
                                                         "tcp_ecn_option_beacon",
                                                         "tcp_ehash_entries",
                                                         "tcp_fack",
                                                         "tcp_fastopen",
                                                         "tcp_fastopen_blackhole_timeout_sec",
                                                         "tcp_fastopen_key",
                                                         "tcp_frto",
                                                         "tcp_fwmark_accept",
                                                         "tcp_invalid_ratelimit",
                                                         "tcp_l3mdev_accept",
                                                         "tcp_limit_output_bytes",
                                                         "tcp_low_latency",
                                                         "tcp_max_orphans",
                                                         "tcp_max_reordering",
                                                         "tcp_max_syn_backlog",
                                                         "tcp_max_tw_buckets",
                                                         "tcp_mem",
                                                         "tcp_migrate_req",
                                                         "tcp_min_rtt_wlen",
                                                         "tcp_min_snd_mss",
                                                         "tcp_min_tso_segs",
                                                         "tcp_moderate_rcvbuf",
                                                         "tcp_mtu_probe_floor",
                                                         "tcp_mtu_probing",
                                                         "tcp_no_metrics_save",
                                                         "tcp_no_ssthresh_metrics_save",
                                                         "tcp_notsent_lowat",
                                                         "tcp_pacing_ca_ratio",
                                                         "tcp_pacing_ss_ratio",
                                                         "tcp_pingpong_thresh",
                                                         "tcp_plb_cong_thresh",
                                                         "tcp_plb_enabled",
                                                         "tcp_plb_idle_rehash_rounds",
                                                         "tcp_plb_rehash_rounds",
                                                         "tcp_plb_suspend_rto_sec",
                                                         "tcp_probe_interval",
                                                         "tcp_probe_threshold",
                                                         "tcp_recovery",
                                                         "tcp_reflect_tos",
                                                         "tcp_reordering",
                                                         "tcp_retrans_collapse",
                                                         "tcp_retries1",
                                                         "tcp_rfc1337",
                                                         "tcp_rmem",
                                                         "tcp_shrink_window",
                                                         "tcp_slow_start_after_idle",
                                                         "tcp_stdurg",
                                                         "tcp_syncookies",
                                                         "tcp_tso_rtt_log",
                                                         "tcp_tso_win_divisor",
                                                         "tcp_tw_reuse_delay",
                                                         "tcp_window_scaling",
                                                         "tcp_wmem",
                                                         "tcp_workaround_signed_windows"});

}  // namespace

std::string to_string(KernelVersion version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

std::optional<KernelVersion> kernel_version(std::string_view name) {
  const size_t start = name.find_first_of("0123456789");
  if (start == std::string_view::npos) return {};
  const char* const end = name.data() + name.size();
  KernelVersion version;
  const auto major = std::from_chars(name.data() + start, end, version.major);
  if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') return {};
  const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
  if (minor.ec != std::errc{}) return {};
  return version;
}

std::span<const TcpSysctl> timer_sysctls() {
  return timers;
}

const TcpSysctl* find_timer_sysctl(std::string_view key) {
  const auto found = std::ranges::find(timers, key, &TcpSysctl::key);
  return found == timers.end() ? nullptr : &*found;
}

int64_t greatest(const TcpSysctl& sysctl, int hz) {
  return sysctl.seconds ? sysctl.most / hz : sysctl.most;
}

bool is_tcp_sysctl(std::string_view name) {
  return std::ranges::find(others, name) != others.end() ||
         find_timer_sysctl(fmt::format("net.ipv4.{}", name)) != nullptr;
}

std::map<std::string, std::string> kernel_defaults(KernelVersion version) {
  std::map<std::string, std::string> defaults;
  for (const TcpSysctl& sysctl : timers)
    if (sysctl.since <= version) defaults.emplace(sysctl.key, std::to_string(sysctl.standard));
  return defaults;
}

}  // namespace faultline
