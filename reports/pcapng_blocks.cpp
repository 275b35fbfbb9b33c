#include "reports/pcapng_blocks.hpp"

#include <algorithm>
#include <concepts>

namespace faultline {
namespace {

constexpr uint32_t section_header = 0x0a0d0d0a, interface_description = 1, enhanced_packet = 6;
constexpr uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr uint16_t linktype_raw = 101;
constexpr uint16_t end_of_options = 0, comment_option = 1;
constexpr uint16_t shb_os = 3, shb_userappl = 4;
constexpr uint16_t if_name = 2, if_description = 3, if_tsresol = 9;
constexpr uint16_t epb_flags = 2, epb_packetid = 5;
constexpr size_t longest_option = 0xffff;

template <std::unsigned_integral T>
void add(std::string& to, T number) {
  for (size_t i = 0; i < sizeof number; ++i) to += static_cast<char>(number >> 8 * i & 0xff);
}

void pad(std::string& to) {
  to.resize((to.size() + 3) / 4 * 4);
}

// At most so many bytes, without half a character.
std::string_view cut(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<uint8_t>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

void option(std::string& to, uint16_t code, std::string_view value) {
  add(to, code);
  add(to, static_cast<uint16_t>(value.size()));
  to += value;
  pad(to);
}

void text_option(std::string& to, uint16_t code, std::string_view text) {
  if (!text.empty()) option(to, code, cut(text, longest_option));
}

template <std::unsigned_integral T>
void number_option(std::string& to, uint16_t code, T number) {
  std::string value;
  add(value, number);
  option(to, code, value);
}

void end_options(std::string& to) {
  option(to, end_of_options, "");
}

}  // namespace

void PcapngBlocks::block(uint32_t type, std::string_view body) {
  const auto length = static_cast<uint32_t>(body.size() + 12);
  add(file_, type);
  add(file_, length);
  file_ += body;
  add(file_, length);
}

PcapngBlocks::PcapngBlocks(std::string_view program, std::string_view system,
                           std::string_view comment) {
  std::string body;
  add(body, byte_order_magic);
  add(body, uint16_t{1});
  add(body, uint16_t{0});
  add(body, ~uint64_t{0});  // the section's length is not told
  text_option(body, comment_option, comment);
  text_option(body, shb_os, system);
  text_option(body, shb_userappl, program);
  end_options(body);
  block(section_header, body);
}

void PcapngBlocks::interface(std::string_view name, std::string_view description) {
  std::string body;
  add(body, linktype_raw);
  add(body, uint16_t{0});
  add(body, uint32_t{0});  // no limit to what is captured
  text_option(body, if_name, name);
  text_option(body, if_description, description);
  number_option(body, if_tsresol, uint8_t{9});
  end_options(body);
  block(interface_description, body);
}

void PcapngBlocks::packet(const Packet& packet) {
  const auto time = static_cast<uint64_t>(std::max(packet.time, Nanos{}).count());
  const auto captured = static_cast<uint32_t>(packet.bytes.size());
  std::string body;
  add(body, packet.interface);
  add(body, static_cast<uint32_t>(time >> 32));
  add(body, static_cast<uint32_t>(time));
  add(body, captured);
  add(body, std::max(packet.whole_length, captured));
  for (const std::byte byte : packet.bytes) body += static_cast<char>(byte);
  pad(body);
  text_option(body, comment_option, packet.comment);
  number_option(body, epb_flags, packet.outbound ? uint32_t{2} : uint32_t{1});
  if (packet.id != 0) number_option(body, epb_packetid, packet.id);
  end_options(body);
  block(enhanced_packet, body);
}

}  // namespace faultline
