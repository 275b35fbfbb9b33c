#include "harness/tcp/segment.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace faultline {
namespace {

constexpr std::array<std::pair<std::string_view, uint16_t>, 9> flag_names{{{"SYN", Flags::syn},
                                                                           {"FIN", Flags::fin},
                                                                           {"RST", Flags::rst},
                                                                           {"PSH", Flags::psh},
                                                                           {"ACK", Flags::ack},
                                                                           {"URG", Flags::urg},
                                                                           {"ECE", Flags::ece},
                                                                           {"CWR", Flags::cwr},
                                                                           {"AE", Flags::ae}}};

constexpr std::array<std::pair<std::string_view, SegmentKind>, 5> kind_names{
    {{"pure-ack", SegmentKind::pure_ack},
     {"duplicate-ack", SegmentKind::duplicate_ack},
     {"window-update", SegmentKind::window_update},
     {"zero-window-probe", SegmentKind::zero_window_probe},
     {"keepalive-probe", SegmentKind::keepalive_probe}}};

// "5001", or "#3735928559": as it stands in the header, where it is relative to nothing known.
std::string number_text(const std::optional<uint32_t>& relative, Seq raw) {
  return relative ? fmt::format("{}", *relative) : fmt::format("#{}", raw.raw());
}

bool separates(char c) {
  return c == ' ' || c == ',' || c == '|' || c == '+';
}

}  // namespace

std::string to_string(Flags flags) {
  std::string text;
  for (const auto& [name, bit] : flag_names) {
    if (!flags.has(bit)) continue;
    if (!text.empty()) text += ' ';
    text += name;
  }
  return text.empty() ? "none" : text;
}

std::optional<Flags> flags_from_string(std::string_view text) {
  if (text == "none") return Flags{};
  Flags flags;
  while (!text.empty()) {
    if (separates(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    const auto end = std::ranges::find_if(text, separates);
    const std::string_view word(text.begin(), end);
    const auto* found = std::ranges::find(flag_names, word, [](const auto& f) { return f.first; });
    if (found == flag_names.end()) return {};
    flags.bits |= found->second;
    text.remove_prefix(word.size());
  }
  if (flags.bits == 0) return {};
  return flags;
}

std::string_view to_string(SegmentKind kind) {
  return kind_names[static_cast<size_t>(kind)].first;
}

std::optional<SegmentKind> segment_kind_from_string(std::string_view text) {
  for (const auto& [name, kind] : kind_names)
    if (name == text) return kind;
  return {};
}

std::string to_string(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.version == 4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(),
            text.size());
  return text.data();
}

std::optional<Address> address_from_string(const std::string& text) {
  Address address;
  address.version = text.find(':') == std::string::npos ? 4 : 6;
  const int family = address.version == 4 ? AF_INET : AF_INET6;
  if (inet_pton(family, text.c_str(), address.bytes.data()) != 1) return {};
  return address;
}

std::string to_string(const Endpoint& endpoint) {
  const std::string address = to_string(endpoint.address);
  return endpoint.address.version == 4 ? fmt::format("{}:{}", address, endpoint.port)
                                       : fmt::format("[{}]:{}", address, endpoint.port);
}

std::string describe(const Segment& segment, const SegmentFacts& facts) {
  std::string text =
      fmt::format("{} seq {}", to_string(segment.flags), number_text(facts.seq, segment.seq));
  if (segment.flags.has(Flags::ack)) text += " ack " + number_text(facts.ack, segment.ack);
  text += fmt::format(" win {} len {}", segment.window, segment.payload_length);
  return text;
}

}  // namespace faultline
