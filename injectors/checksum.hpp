// The Internet checksum (RFC 1071). Sums are in the machine's own byte order, which does not matter
// to a comparison with all ones, nor to a result that is stored as it is (section 2 B).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "harness/tcp/segment.hpp"

namespace faultline {

// Only the last part of a sum may have an odd length.
[[nodiscard]] inline uint64_t ones_sum(std::span<const std::byte> bytes) {
  uint64_t total = 0;
  size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, 4);
    total += word;
  }
  uint32_t rest = 0;
  std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
  return total + rest;
}

[[nodiscard]] inline uint16_t folded(uint64_t total) {
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return static_cast<uint16_t>(total);
}

// Of a header whose checksum is right.
[[nodiscard]] inline bool is_all_ones(uint64_t total) {
  return folded(total) == 0xffff;
}

// What a transport's checksum covers besides its own bytes (RFC 9293 3.1, RFC 8200 8.1).
[[nodiscard]] inline uint64_t pseudo_header_sum(const Address& source, const Address& destination,
                                                uint8_t protocol, size_t length) {
  const size_t size = source.version == 4 ? 4 : 16;
  const std::array<std::byte, 8> tail{std::byte(length >> 24),
                                      std::byte(length >> 16),
                                      std::byte(length >> 8),
                                      std::byte(length),
                                      std::byte{0},
                                      std::byte{0},
                                      std::byte{0},
                                      std::byte{protocol}};
  return ones_sum(std::as_bytes(std::span(source.bytes).first(size))) +
         ones_sum(std::as_bytes(std::span(destination.bytes).first(size))) + ones_sum(tail);
}

}  // namespace faultline
