#include "harness/drive/protocol.hpp"

#include <gtest/gtest.h>

#include <array>

namespace faultline::protocol {
namespace {

// Made with another implementation (Python), for authors of drivers to compare with: the worked
// example of docs/driver-protocol.md.
TEST(Stream, HasTheDocumentedBytes) {
  EXPECT_EQ(splitmix64(0), 0xe220a8397b1dcdaf);
  std::array<std::byte, 10> bytes;
  fill_stream(42, 0, bytes);
  constexpr std::array<uint8_t, 10> expected{0x95, 0x6e, 0xeb, 0x2f, 0x26,
                                             0x32, 0xd7, 0xbd, 0x88, 0xef};
  for (size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(bytes[i], std::byte{expected[i]}) << i;
}

TEST(Stream, IsTheSameWhereverOneBeginsToRead) {
  for (uint64_t offset = 0; offset < 20; ++offset) {
    std::array<std::byte, 21> part;
    fill_stream(7, offset, part);
    for (size_t i = 0; i < part.size(); ++i) EXPECT_EQ(part[i], stream_byte(7, offset + i));
  }
}

TEST(Stream, WrapsAroundAtTheEndOfTheSeeds) {
  EXPECT_EQ(stream_byte(UINT64_MAX, 8), stream_byte(0, 0));
  EXPECT_NE(stream_byte(1, 0), stream_byte(2, 0));
}

}  // namespace
}  // namespace faultline::protocol
