// The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/util/time.hpp"

namespace faultline {

class PcapngBlocks {
 public:
  // Of one section. Texts are UTF-8 and may be empty.
  PcapngBlocks(std::string_view program, std::string_view system, std::string_view comment);

  // The next interface, counted from 0: packets begin with an IP header, times count nanoseconds.
  void interface(std::string_view name, std::string_view description);

  struct Packet {
    uint32_t interface = 0;
    Nanos time{};  // what is before 0 is written as 0
    std::span<const std::byte> bytes;
    uint32_t whole_length = 0;  // at least that of `bytes`
    bool outbound = false;
    uint64_t id = 0;  // the same of one packet at several interfaces; 0: none
    std::string_view comment;
  };
  void packet(const Packet& packet);

  [[nodiscard]] std::string take() { return std::move(file_); }

 private:
  void block(uint32_t type, std::string_view body);

  std::string file_;
};

}  // namespace faultline
