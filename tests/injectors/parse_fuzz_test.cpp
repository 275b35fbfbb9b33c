// Mutates valid packets. Under the sanitizers a read past the end of a buffer is a failure; so that
// it is found, every packet lives in a heap block of exactly its size.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "injectors/engine.hpp"
#include "injectors/parse.hpp"
#include "injectors/tracker.hpp"
#include "tests/injectors/packets.hpp"

namespace faultline::testing {
namespace {

constexpr unsigned seed = 20240607;
constexpr int mutations = 100'000;

std::vector<Bytes> seeds() {
  const Bytes options = from_hex("020405b4 0402 080a0000000100000002 01 0303 07 01 01");
  const Bytes sack = from_hex("0101 0512 0000000100000002 0000000300000004");
  const Bytes chain = from_hex(
      "3c00 010400000000 2c00 010400000000 2b00 0000 00000007"
      "0602 0001 00000000 20010db8000000000000000000000002");
  return {make_packet({.tcp_options = options}),
          make_packet({.flags = Flags::ack, .tcp_options = sack, .payload = 50}),
          make_packet({.ip_options = from_hex("94040000"), .payload = 11}),
          make_packet({.version = 6, .tcp_options = options}),
          make_packet({.version = 6, .next_header = 0, .extensions = chain, .payload = 9})};
}

void mutate(Bytes& packet, std::mt19937& random) {
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (size_t changes = 1 + below(4); changes > 0 && !packet.empty(); --changes) {
    const size_t at = below(packet.size());
    switch (below(6)) {
      case 0:
        packet[at] ^= std::byte{1} << below(8);
        break;
      case 1:
        packet[at] = static_cast<std::byte>(below(256));
        break;
      case 2:
        packet[at] = below(2) == 0 ? std::byte{0} : std::byte{0xff};
        break;
      case 3:
        packet.resize(at);
        break;
      case 4:
        packet.insert(packet.begin() + static_cast<ptrdiff_t>(at), std::byte{1});
        break;
      default:  // a plausible length, so that what lies behind the IP header is reached
        if (packet.size() >= 40)
          put16(packet, packet[0] >> 4 == std::byte{4} ? 2 : 4,
                packet.size() - (packet[0] >> 4 == std::byte{4} ? 0 : 40));
    }
  }
}

void check(const ParsedSegment& parsed, size_t size) {
  ASSERT_LE(parsed.length, size);
  ASSERT_LE(parsed.tcp_offset + 20, parsed.payload_offset);
  ASSERT_EQ(parsed.payload_offset + parsed.segment.payload_length, parsed.length);
  ASSERT_LE(parsed.segment.sack.size(), 4u);
}

}  // namespace

TEST(ParseFuzz, MutatedPacketsAreParsedOrRefused) {
  std::mt19937 random(seed);
  const std::vector<Bytes> valid = seeds();
  for (const Bytes& packet : valid) ASSERT_TRUE(parse_segment(packet)->segment.checksum_ok);
  Tracker tracker({std::vector{default_address(4, 1), default_address(6, 1)},
                   std::vector{default_address(4, 2), default_address(6, 2)}});
  int segments = 0;
  for (int i = 0; i < mutations; ++i) {
    Bytes packet = valid[static_cast<size_t>(i) % valid.size()];
    mutate(packet, random);
    const auto block = std::make_unique<std::byte[]>(packet.size());
    std::ranges::copy(packet, block.get());
    const auto parsed = parse_segment({block.get(), packet.size()});
    if (!parsed) continue;
    ++segments;
    check(*parsed, packet.size());
    if (i % 100 == 0) tracker.expect_connect(End::client, std::to_string(i));
    const SegmentFacts facts = tracker.track(parsed->segment);
    ASSERT_FALSE(describe(parsed->segment, facts).empty());
  }
  EXPECT_GT(segments, mutations / 10) << "seed " << seed;
  EXPECT_LT(segments, mutations);
}

}  // namespace faultline::testing
