#include "injectors/number.hpp"

#include <gtest/gtest.h>

namespace faultline::testing {
namespace {

// The client has sent 100 bytes and the server 200; each has acknowledged half of the other's.
Seen talk() {
  Seen seen;
  SeenEnd& client = seen.ends[index(End::client)];
  client.isn = Seq(1000);
  client.next = Seq(1101);
  client.acknowledged = Seq(5101);
  client.window = 10;
  client.window_scale = 3;
  SeenEnd& server = seen.ends[index(End::server)];
  server.isn = Seq(5000);
  server.next = Seq(5201);
  server.acknowledged = Seq(1051);
  server.window = 100;
  server.window_scale = 2;
  return seen;
}

Number number(const nlohmann::json& value, bool of_segment = false) {
  const auto read = number_from(value, "/seq", of_segment);
  if (read) return *read;
  ADD_FAILURE() << value << ": " << read.error().what;
  return {};
}
uint32_t seq(const nlohmann::json& value, End from, const Seen& seen = talk()) {
  return sequence_number(number(value), seen, from).value().raw();
}
uint32_t ack(const nlohmann::json& value, End from, const Seen& seen = talk()) {
  return acknowledgement_number(number(value), seen, from).value().raw();
}

TEST(Numbers, OfTheSendersOwnStream) {
  EXPECT_EQ(seq(1, End::client), 1001u);
  EXPECT_EQ(seq("isn", End::client), 1000u);
  EXPECT_EQ(seq("isn-1001", End::client), 0xffffffffu);
  EXPECT_EQ(seq("next", End::client), 1101u);
  EXPECT_EQ(seq("next+4294967295", End::client), 1100u) << "it wraps";
  EXPECT_EQ(seq("expected", End::client), 1051u);
  EXPECT_EQ(seq("edge", End::client), 1051u + 400u);
  EXPECT_EQ(seq("edge-1", End::server), 5101u + 80u - 1u);
}

TEST(Numbers, AcknowledgementsAreOfTheOthersStream) {
  EXPECT_EQ(ack(1, End::client), 5001u);
  EXPECT_EQ(ack("next", End::client), 5201u);
  EXPECT_EQ(ack("expected", End::client), 5101u);
  EXPECT_EQ(ack("edge", End::server), 1051u + 400u);
}

TEST(Numbers, WindowsAreScaledWhereBothOfferedIt) {
  Seen seen = talk();
  seen.ends[index(End::client)].window_scale.reset();
  EXPECT_EQ(seq("edge", End::client, seen), 1051u + 100u);
  seen = talk();
  seen.ends[index(End::server)].window_scale = 200;
  EXPECT_EQ(seq("edge", End::client, seen), 1051u + (100u << 14)) << "RFC 7323 2.3: at most 14";
}

TEST(Numbers, AWindowInASynIsNeverScaled) {
  Seen seen = talk();
  seen.ends[index(End::server)].window_of_syn = true;
  EXPECT_EQ(seq("edge", End::client, seen), 1051u + 100u) << "RFC 7323 2.2";
}

// The server reads 300 more than the client writes.
TEST(Numbers, ShiftedOnesAreAsTheReceiverReadsThem) {
  Seen seen = talk();
  seen.ends[index(End::client)].shift = 300;
  seen.ends[index(End::server)].acknowledged = Seq(1351);
  EXPECT_EQ(seq(1, End::client, seen), 1301u);
  EXPECT_EQ(seq("next", End::client, seen), 1401u);
  EXPECT_EQ(seq("expected", End::client, seen), 1351u);
  EXPECT_EQ(ack("next", End::server, seen), 1101u) << "the client reads its own numbers";
  EXPECT_EQ(ack("expected", End::server, seen), 1051u);
  const Number own = number("+5", true);
  EXPECT_EQ(sequence_number(own, seen, End::client, Seq(7))->raw(), 12u);
}

TEST(Numbers, OfTheSegmentAtHand) {
  EXPECT_EQ(sequence_number(number("+5", true), Seen{}, End::client, Seq(0xffffffff))->raw(), 4u);
  EXPECT_EQ(acknowledgement_number(number("-5", true), Seen{}, End::client, Seq(4))->raw(),
            0xffffffffu);
}

TEST(Numbers, WhatWasNotSeenIsAnError) {
  const auto why = [](const nlohmann::json& value, const Seen& seen) {
    const auto read = sequence_number(number(value), seen, End::client);
    return read ? "known" : read.error().what;
  };
  EXPECT_EQ(why(1, {}), "the client has not sent a SYN yet");
  Seen seen;
  seen.ends[index(End::client)].isn = Seq(1);
  EXPECT_EQ(why("next", seen), "known");
  EXPECT_EQ(why("expected", seen), "the server has not sent an ACK yet");
  EXPECT_EQ(why("edge", seen), "the server has not sent an ACK yet");
}

TEST(Numbers, AreWrittenInOneWay) {
  for (const char* text : {"", "+", "-", "nxt", "next+", "next5", "next+5+5", "next+-5", "5", "+5x",
                           "next+4294967296", " next", "expected 5"}) {
    EXPECT_FALSE(number_from(text, "/seq", true)) << text;
  }
  EXPECT_FALSE(number_from("+5", "/seq", false));
  EXPECT_FALSE(number_from(1.5, "/seq", true));
  EXPECT_FALSE(number_from(true, "/seq", true));
  EXPECT_EQ(number_from(-1, "/seq", true).error().what, "a sequence number has 32 bits");
  EXPECT_EQ(number_from(4294967296, "/seq", true).error().what, "a sequence number has 32 bits");
  EXPECT_EQ(number_from("x", "/seq", false).error().at, "/seq");
}

}  // namespace
}  // namespace faultline::testing
