// Mutates valid packets. Under the sanitizers a read past the end of a buffer is a failure; so that
// it is found, every packet lives in a heap block of exactly its size.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "injectors/engine.hpp"
#include "injectors/parse.hpp"
#include "injectors/tracker.hpp"
#include "tests/injectors/mutations.hpp"

namespace faultline::testing {
namespace {

constexpr unsigned seed = 20240607;
constexpr int mutations = 100'000;

void check(const ParsedSegment& parsed, size_t size) {
  ASSERT_LE(parsed.length, size);
  ASSERT_LE(parsed.tcp_offset + 20, parsed.payload_offset);
  ASSERT_EQ(parsed.payload_offset + parsed.segment.payload_length, parsed.length);
  ASSERT_LE(parsed.segment.sack.size(), 4u);
}

}  // namespace

TEST(ParseFuzz, MutatedPacketsAreParsedOrRefused) {
  std::mt19937 random(seed);
  const std::vector<Bytes> valid = valid_packets();
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
