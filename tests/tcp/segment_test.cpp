#include "harness/tcp/segment.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(Flags, AreNamedInOneOrder) {
  EXPECT_EQ(to_string(Flags{Flags::ack | Flags::syn}), "SYN ACK");
  EXPECT_EQ(to_string(Flags{0x1ff}), "SYN FIN RST PSH ACK URG ECE CWR AE");
  EXPECT_EQ(to_string(Flags{}), "none");
}

TEST(Flags, AreReadWithAnySeparator) {
  for (const char* text : {"SYN ACK", "ACK SYN", "SYN,ACK", "SYN|ACK", "SYN+ACK", " SYN, ACK "})
    EXPECT_EQ(flags_from_string(text), (Flags{Flags::syn | Flags::ack})) << text;
  EXPECT_EQ(flags_from_string("none"), Flags{});
  for (const char* text : {"", " ", "SYNACK", "syn", "SYN none", "S", "SYN;ACK"})
    EXPECT_FALSE(flags_from_string(text)) << text;
}

TEST(Flags, RoundTrip) {
  for (uint16_t bits = 0; bits < 0x200; ++bits)
    EXPECT_EQ(flags_from_string(to_string(Flags{bits})), Flags{bits});
}

TEST(Addresses, RoundTrip) {
  for (const char* text : {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::", "::ffff:192.0.2.1"}) {
    const auto address = address_from_string(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), text);
  }
  for (const char* text : {"", "192.0.2", "192.0.2.256", "2001:db8::g", "example.org", "1.2.3.4 "})
    EXPECT_FALSE(address_from_string(text)) << text;
}

TEST(Addresses, EndpointsBracketIpv6) {
  EXPECT_EQ(to_string(Endpoint{*address_from_string("192.0.2.2"), 80}), "192.0.2.2:80");
  EXPECT_EQ(to_string(Endpoint{*address_from_string("2001:db8::2"), 65535}), "[2001:db8::2]:65535");
}

TEST(Segments, TakeSequenceSpace) {
  EXPECT_EQ((Segment{.flags = {Flags::syn}}.sequence_length()), 1u);
  EXPECT_EQ((Segment{.flags = {Flags::fin | Flags::ack}, .payload_length = 10}.sequence_length()),
            11u);
  EXPECT_EQ((Segment{.flags = {Flags::ack}}.sequence_length()), 0u);
}

TEST(Segments, AreDescribedByRelativeNumbersWhereTheyAreKnown) {
  const Segment segment{
      .seq = Seq(1000), .ack = Seq(2000), .flags = {Flags::syn | Flags::ack}, .window = 65535};
  EXPECT_EQ(describe(segment, {.seq = 0, .ack = 1}), "SYN ACK seq 0 ack 1 win 65535 len 0");
  EXPECT_EQ(describe(segment, {}), "SYN ACK seq #1000 ack #2000 win 65535 len 0");
  EXPECT_EQ(describe(Segment{.seq = Seq(7), .flags = {Flags::rst}}, {}), "RST seq #7 win 0 len 0");
}

TEST(Ends, NamesGoBothWays) {
  for (const End end : both_ends) EXPECT_EQ(end_from_string(to_string(end)), end);
  EXPECT_FALSE(end_from_string("Client"));
  EXPECT_EQ(other(End::client), End::server);
  EXPECT_EQ(other(End::server), End::client);
}

}  // namespace
}  // namespace faultline
