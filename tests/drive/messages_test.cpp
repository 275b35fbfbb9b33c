#include "harness/drive/messages.hpp"

#include <gtest/gtest.h>

namespace faultline::drive {
namespace {

template <typename T>
T read(std::string_view line) {
  Result<Message> message = read_message(line);
  EXPECT_TRUE(message) << line << ": " << message.error().what;
  return message ? std::get<T>(*message) : T{};
}

std::string why_not(std::string_view line) {
  const Result<Message> message = read_message(line);
  return message ? "read" : message.error().what;
}

TEST(Messages, HelloIsRead) {
  const auto hello = read<DriverHello>(
      R"({"event":"hello","protocol":1,"stack":"linux","version":"6.1","clock":"own","pid":7})");
  EXPECT_EQ(hello.stack, "linux");
  EXPECT_EQ(hello.version, "6.1");
  EXPECT_FALSE(hello.monotonic);
  EXPECT_EQ(hello.pid, 7);
}

TEST(Messages, HelloOfAnotherVersionIsRefused) {
  EXPECT_EQ(why_not(R"({"event":"hello","protocol":2})"),
            R"(speaks version 2 of the driver protocol, not 1: '{"event":"hello","protocol":2}')");
}

TEST(Messages, HelloWithAnythingMissingIsRefused) {
  for (const char* line : {
           R"({"event":"hello"})",
           R"({"event":"hello","protocol":1,"version":"1","clock":"own"})",
           R"({"event":"hello","protocol":1,"stack":"x","clock":"own"})",
           R"({"event":"hello","protocol":1,"stack":"x","version":"1"})",
           R"({"event":"hello","protocol":1,"stack":"x","version":"1","clock":"sundial"})",
           R"({"event":"hello","protocol":1,"stack":"x","version":"1","clock":"own","pid":-1})",
       }) {
    EXPECT_NE(why_not(line), "read") << line;
  }
}

TEST(Messages, RepliesAreRead) {
  const auto success =
      read<ReplyMessage>(R"({"id":3,"result":{"bytes":5,"eof":true},"began":10,"ended":12})");
  EXPECT_EQ(success.id, 3U);
  EXPECT_TRUE(success.reply.ok());
  EXPECT_TRUE(success.stamped);
  EXPECT_EQ(success.reply.result["bytes"], 5);
  EXPECT_EQ(success.reply.ended, 12ns);

  const auto error = read<ReplyMessage>(
      R"({"id":4,"error":"ECONNRESET","message":"send","result":{"bytes":9},"began":1,"ended":2})");
  EXPECT_EQ(error.reply.error, "ECONNRESET");
  EXPECT_EQ(error.reply.message, "send");
  EXPECT_EQ(error.reply.result["bytes"], 9);

  const auto unsupported = read<ReplyMessage>(R"({"id":5,"unsupported":"no such option"})");
  EXPECT_EQ(unsupported.reply.unsupported, "no such option");
  EXPECT_FALSE(unsupported.stamped);
}

TEST(Messages, UnknownMembersOfAResultAreDroppedHoweverDeep) {
  const auto reply = read<ReplyMessage>(R"({"id":3,"result":{"new":[[[1]]],"value":-5}})");
  EXPECT_EQ(reply.reply.result, nlohmann::json({{"value", -5}}));
}

TEST(Messages, GarbageIsRefusedAndQuotedShort) {
  EXPECT_EQ(why_not("Segmentation fault"), "said what is no JSON object: 'Segmentation fault'");
  const std::string deep(60000, '[');
  EXPECT_EQ(why_not(deep), "said what is no JSON object: '" + std::string(80, '[') + "…'");
  for (const char* line : {"",
                           "[]",
                           "{}",
                           "null",
                           R"({"id":-1,"result":{}})",
                           R"({"id":1.5,"result":{}})",
                           R"({"id":1})",
                           R"({"id":1,"error":5})",
                           R"({"id":1,"error":"E","unsupported":"x"})",
                           R"({"id":1,"result":[]})",
                           R"({"id":1,"result":{"bytes":"5"}})",
                           R"({"id":1,"result":{"bytes":-5}})",
                           R"({"id":1,"result":{"eof":1}})",
                           R"({"id":1,"result":{"value":18446744073709551615}})",
                           R"({"id":1,"result":{"local_address":[]}})",
                           R"({"id":1,"result":{},"began":5})",
                           R"({"id":1,"result":{},"began":5,"ended":4})",
                           R"({"id":1,"result":{},"began":-5,"ended":4})",
                           R"({"id":1,"result":{},"began":5,"ended":"6"})",
                           R"({"event":"started"})",
                           R"({"event":"started","id":"x"})",
                           "{\"id\":1,\"error\":\"\xff\"}"}) {
    EXPECT_NE(why_not(line), "read") << line;
  }
}

TEST(Messages, EventsOfALaterTimeAreSkipped) {
  read<OtherMessage>(R"({"event":"weather","socket":"main","state":"SYN_SENT"})");
  read<OtherMessage>(R"({"event":7})");
  EXPECT_EQ(read<StartedMessage>(R"({"event":"started","id":6})").id, 6U);
  EXPECT_EQ(read<ComplaintMessage>(R"({"event":"error","message":"what?"})").message, "what?");
}

TEST(Messages, StatesAreRead) {
  const auto told = read<StateMessage>(
                        R"({"event":"state","local_address":"192.0.2.2","local_port":40000,)"
                        R"("peer_address":"198.51.100.2","peer_port":5001,"state":"SYN_SENT"})")
                        .what;
  EXPECT_EQ(to_string(told.local), "192.0.2.2:40000");
  EXPECT_EQ(to_string(told.remote), "198.51.100.2:5001");
  EXPECT_EQ(told.state, TcpState::SYN_SENT);
  const std::string ends = R"({"event":"state","local_address":"::1","local_port":1,)"
                           R"("peer_address":"::2","peer_port":2,)";
  EXPECT_TRUE(why_not(ends + R"("state":"SLEEPING"})").starts_with("told a state that is none"));
  EXPECT_TRUE(why_not(R"({"event":"state","state":"CLOSED"})")
                  .starts_with("told a state without local_address and local_port"));
  EXPECT_TRUE(why_not(R"({"event":"state","local_address":"::1","local_port":65536,"state":""})")
                  .starts_with("told a state without local_address and local_port"));
}

TEST(Messages, HelloSaysWhoTellsStates) {
  const std::string hello =
      R"({"event":"hello","protocol":1,"stack":"x","version":"1","clock":"own","states":)";
  EXPECT_EQ(read<DriverHello>(hello + R"("events"})").states, DriverHello::States::events);
  EXPECT_EQ(read<DriverHello>(hello + R"("query"})").states, DriverHello::States::query);
  EXPECT_EQ(read<DriverHello>(hello + R"("none"})").states, DriverHello::States::none);
  EXPECT_TRUE(why_not(hello + "3}").starts_with("said hello with bad states"));
}

TEST(Messages, ASuccessMustBringWhatItsCallPromises) {
  EXPECT_TRUE(check_result("close", nlohmann::json::object()));
  EXPECT_TRUE(check_result("recv", {{"bytes", 1}, {"eof", false}}));
  EXPECT_EQ(check_result("recv", {{"bytes", 1}}).error().what, "answered recv without eof");
  EXPECT_FALSE(check_result("getsockopt", nlohmann::json::object()));
}

}  // namespace
}  // namespace faultline::drive
