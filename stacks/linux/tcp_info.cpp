#include "stacks/linux/tcp_info.hpp"

#include <array>
#include <cstring>

namespace faultline::linux_driver {
namespace {

struct Field {
  std::string_view name;
  size_t offset, size;
};

// clang-format off
#define FIELD(member) Field{#member, offsetof(tcp_info, member), sizeof(tcp_info::member)}
constexpr std::array fields{
    FIELD(tcpi_state),
    FIELD(tcpi_ca_state),
    FIELD(tcpi_retransmits),
    FIELD(tcpi_probes),
    FIELD(tcpi_backoff),
    FIELD(tcpi_options),
    FIELD(tcpi_rto),
    FIELD(tcpi_ato),
    FIELD(tcpi_snd_mss),
    FIELD(tcpi_rcv_mss),
    FIELD(tcpi_unacked),
    FIELD(tcpi_sacked),
    FIELD(tcpi_lost),
    FIELD(tcpi_retrans),
    FIELD(tcpi_fackets),
    FIELD(tcpi_last_data_sent),
    FIELD(tcpi_last_ack_sent),
    FIELD(tcpi_last_data_recv),
    FIELD(tcpi_last_ack_recv),
    FIELD(tcpi_pmtu),
    FIELD(tcpi_rcv_ssthresh),
    FIELD(tcpi_rtt),
    FIELD(tcpi_rttvar),
    FIELD(tcpi_snd_ssthresh),
    FIELD(tcpi_snd_cwnd),
    FIELD(tcpi_advmss),
    FIELD(tcpi_reordering),
    FIELD(tcpi_rcv_rtt),
    FIELD(tcpi_rcv_space),
    FIELD(tcpi_total_retrans),
    FIELD(tcpi_pacing_rate),
    FIELD(tcpi_max_pacing_rate),
    FIELD(tcpi_bytes_acked),
    FIELD(tcpi_bytes_received),
    FIELD(tcpi_segs_out),
    FIELD(tcpi_segs_in),
    FIELD(tcpi_notsent_bytes),
    FIELD(tcpi_min_rtt),
    FIELD(tcpi_data_segs_in),
    FIELD(tcpi_data_segs_out),
    FIELD(tcpi_delivery_rate),
    FIELD(tcpi_busy_time),
    FIELD(tcpi_rwnd_limited),
    FIELD(tcpi_sndbuf_limited),
    FIELD(tcpi_delivered),
    FIELD(tcpi_delivered_ce),
    FIELD(tcpi_bytes_sent),
    FIELD(tcpi_bytes_retrans),
    FIELD(tcpi_dsack_dups),
    FIELD(tcpi_reord_seen),
    FIELD(tcpi_rcv_ooopack),
    FIELD(tcpi_snd_wnd),
};
#undef FIELD
// clang-format on

// The bit fields sit in the two bytes before tcpi_rto.
std::optional<uint64_t> bit_field(const tcp_info& info, std::string_view name) {
  if (name == "tcpi_snd_wscale") return info.tcpi_snd_wscale;
  if (name == "tcpi_rcv_wscale") return info.tcpi_rcv_wscale;
  if (name == "tcpi_delivery_rate_app_limited") return info.tcpi_delivery_rate_app_limited;
  if (name == "tcpi_fastopen_client_fail") return info.tcpi_fastopen_client_fail;
  return {};
}

}  // namespace

std::optional<uint64_t> info_field(const tcp_info& info, size_t length, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name != name) continue;
    if (field.offset + field.size > length) return {};
    uint64_t value = 0;  // little and big endian alike: copied into a number of its own size
    const auto* from = reinterpret_cast<const std::byte*>(&info) + field.offset;
    if (field.size == 1) return static_cast<uint64_t>(*from);
    if (field.size == 8) {
      std::memcpy(&value, from, sizeof value);
      return value;
    }
    uint32_t half = 0;
    std::memcpy(&half, from, sizeof half);
    return half;
  }
  return length >= offsetof(tcp_info, tcpi_rto) ? bit_field(info, name) : std::nullopt;
}

}  // namespace faultline::linux_driver
