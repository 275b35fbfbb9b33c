#include "harness/drive/session.hpp"

#include <gtest/gtest.h>

#include "harness/drive/protocol.hpp"

namespace faultline::drive {
namespace {

constexpr auto hello =
    R"({"event":"hello","protocol":1,"stack":"x","version":"1","clock":"CLOCK_MONOTONIC"})";
constexpr auto hello_own =
    R"({"event":"hello","protocol":1,"stack":"x","version":"1","clock":"own"})";

class SessionTest : public testing::Test {
 protected:
  SessionTest()
      : session_(
            {.on_ready = [this](const DriverHello& said) { log_ += "ready " + said.stack + ";"; },
             .on_end = [this](const DriverEnd& end) { log_ += "end " + end.reason + ";"; }}) {}

  // Returns the line that would be written.
  std::string open(nlohmann::json request, Nanos now = 100ns) {
    const std::string call = request["call"];
    auto line = session_.open(
        std::move(request),
        [this, call](const Reply& reply) {
          reply_ = reply;
          log_ += call + (reply.ok() ? " ok;" : reply.lost ? " lost;" : " failed;");
        },
        [this, call] { log_ += call + " started;"; }, now);
    return line ? *line : line.error().what;
  }
  // "" or what the driver did wrong.
  std::string take(std::string_view line, Nanos now = 200ns) {
    const Result<void> taken = session_.take(line, now);
    return taken ? "" : taken.error().what.substr(0, taken.error().what.find(": '"));
  }

  Session session_;
  std::string log_;
  Reply reply_;
};

TEST_F(SessionTest, CallsAreAnsweredInAnyOrder) {
  EXPECT_EQ(take(hello), "");
  EXPECT_EQ(open({{"call", "recv"}}), "{\"call\":\"recv\",\"id\":1}\n");
  EXPECT_EQ(open({{"call", "close"}}), "{\"call\":\"close\",\"id\":2}\n");
  EXPECT_EQ(take(R"({"event":"started","id":1})"), "");
  EXPECT_EQ(take(R"({"id":2,"result":{},"began":150,"ended":160})"), "");
  EXPECT_EQ(take(R"({"id":1,"error":"ECONNRESET","result":{"bytes":3},"began":150,"ended":160})"),
            "");
  EXPECT_EQ(log_, "ready x;recv started;close ok;recv failed;");
  EXPECT_EQ(reply_.error, "ECONNRESET");
  EXPECT_EQ(reply_.began, 150ns);
}

TEST_F(SessionTest, TimesAreTheHarnesssOwnWhereTheDriverHasNone) {
  (void)take(hello_own);
  open({{"call", "close"}}, 1000ns);
  EXPECT_EQ(take(R"({"id":1,"result":{},"began":5,"ended":6})", 2000ns), "");
  EXPECT_EQ(reply_.began, 1000ns);
  EXPECT_EQ(reply_.ended, 2000ns);
}

TEST_F(SessionTest, TimesOutsideOfTheCallAreALie) {
  (void)take(hello);
  open({{"call", "close"}}, 10s);
  EXPECT_EQ(take(R"({"id":1,"result":{},"began":9998000000,"ended":10000000000})", 11s),
            "answered close with times outside of the call");
  EXPECT_EQ(take(R"({"id":1,"result":{},"began":10000000000,"ended":11002000000})", 11s),
            "answered close with times outside of the call");
  EXPECT_EQ(take(R"({"id":1,"result":{},"began":9999500000,"ended":11000500000})", 11s), "");
}

TEST_F(SessionTest, TheProtocolIsHeld) {
  EXPECT_EQ(take(R"({"event":"started","id":1})"), "said something before its hello");
  (void)take(hello);
  EXPECT_EQ(take(hello), "said hello twice");
  EXPECT_EQ(take(R"({"id":1,"result":{}})"), "answered call 1, which is not open");
  EXPECT_EQ(take(R"({"event":"started","id":1})"), "started call 1, which is not open");
  EXPECT_EQ(take(R"({"event":"error","message":"no id"})"), "did not understand a request");
  EXPECT_EQ(take("oops"), "said what is no JSON object");
  open({{"call", "send"}});
  EXPECT_EQ(take(R"({"id":1,"result":{}})"), "answered send without bytes");
}

TEST_F(SessionTest, AFloodOfNeedlessEventsIsNoticedAndNotBefore) {
  (void)take(hello);
  for (uint64_t i = 0; i < most_needless_events; ++i) ASSERT_EQ(take(R"({"event":"weather"})"), "");
  EXPECT_EQ(take(R"({"event":"weather"})"), "floods with events that nobody needs");
}

TEST_F(SessionTest, ARequestThatIsTooLongIsNotSent) {
  EXPECT_EQ(open({{"call", "close"}, {"socket", std::string(protocol::max_line, 'x')}}),
            "a request is longer than a line may be");
  session_.end({.reason = "gone"}, 1s);
  EXPECT_EQ(log_, "end gone;");
}

TEST_F(SessionTest, TheEndFailsWhatIsOpen) {
  (void)take(hello);
  open({{"call", "recv"}}, 1s);
  open({{"call", "accept"}}, 1s);
  session_.end({.reason = "x was killed"}, 3s);
  EXPECT_EQ(log_, "ready x;recv lost;accept lost;end x was killed;");
  EXPECT_EQ(reply_.lost, "x was killed");
  EXPECT_EQ(reply_.ended, 3s);
}

TEST_F(SessionTest, NothingIsCalledBackOnceForgotten) {
  (void)take(hello);
  open({{"call", "recv"}});
  session_.forget();
  session_.end({.reason = "x was killed"}, 3s);
  EXPECT_EQ(log_, "ready x;");
}

}  // namespace
}  // namespace faultline::drive
