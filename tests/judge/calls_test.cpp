// What calls and waits came to, and how long calls took.
#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

const std::string expects_nothing = "[expect]\nnever = [{ flags = \"URG\" }]\n";

Scene with(const std::string& steps) {
  return Scene(steps + expects_nothing);
}

TEST(Calls, ThatSayNothingMustSucceed) {
  Scene scene = with(connect_step);
  scene.call("dial", 0s, 1ms);
  EXPECT_EQ(scene.judged().outcome, Outcome::PASS);

  Scene broken = with(connect_step);
  broken.fails("dial", 0s, 1ms, "ECONNREFUSED");
  const CaseResult result = broken.judged();
  EXPECT_EQ(result.outcome, Outcome::FAIL);
  EXPECT_EQ(result.reason, "client: connect (dial): wanted succeeds, got fails with ECONNREFUSED");
  EXPECT_EQ(result.line, 5);
}

TEST(Calls, MustFailAsTheySay) {
  const std::string step = connect_step + "fails = \"ETIMEDOUT\"\n";
  EXPECT_EQ(with(step).fails("dial", 0s, 1s, "ETIMEDOUT").judged().outcome, Outcome::PASS);
  EXPECT_EQ(with(step).fails("dial", 0s, 1s, "EHOSTUNREACH").judged().reason,
            "client: connect (dial): wanted fails with ETIMEDOUT, got fails with EHOSTUNREACH");
  EXPECT_EQ(with(step).call("dial", 0s, 1s).judged().reason,
            "client: connect (dial): wanted fails with ETIMEDOUT, got succeeds");
}

TEST(Calls, MayFail) {
  const std::string step = connect_step + "may_fail = true\n";
  EXPECT_EQ(with(step).fails("dial", 0s, 1s, "EINTR").judged().outcome, Outcome::PASS);
  EXPECT_EQ(with(step).begins("dial", 0s).judged().outcome, Outcome::PASS);
}

TEST(Calls, ReturnWhatWasAskedFor) {
  const std::string step =
      connect_step + "[[step]]\nname = \"read\"\nclient = \"recv\"\nbytes = 100\n";
  const auto reads = [&](int64_t bytes) {
    Scene scene = with(step);
    scene.call("dial", 0s, 1ms).call("read", 1ms, 1ms, bytes);
    return scene;
  };
  EXPECT_EQ(reads(100).judged().outcome, Outcome::PASS);
  Scene short_read = reads(99);
  short_read.result().eof = true;
  EXPECT_EQ(short_read.judged().reason,
            "client: recv 100 bytes (read): wanted returns 100, got returns 99 and the end of the "
            "stream");
  Scene cut = reads(60);
  cut.result().error = "ECONNRESET";
  EXPECT_EQ(cut.finding("(read)").got, "fails with ECONNRESET after 60 bytes");
}

TEST(Calls, ThatNeverReturnAreBroken) {
  Scene scene = with(connect_step);
  scene.begins("dial", 0s);
  EXPECT_EQ(scene.judged().reason, "client: connect (dial): wanted succeeds, got has not returned");
}

// A step that goes wrong ends the run under the feet of every call that is still under way.
TEST(Calls, ThatTheRunCutOffAreNotHeldAgainstTheirEnd) {
  Scene scene = with(connect_step + "background = true\n[[step]]\nname = \"take\"\n" +
                     "server = \"accept\"\n");
  scene.begins("dial", 0s).fails("take", 0s, 1s, "EMFILE");
  EXPECT_EQ(scene.finding("(dial)").status, Status::unclear);
  EXPECT_EQ(scene.finding("(dial)").got, "had not returned when the run was ended");
  EXPECT_EQ(scene.judged().outcome, Outcome::ERROR) << "it is the reference end's doing";
}

TEST(Calls, TakeAsLongAsTheSumOfTheirTimersSays) {
  const auto takes = [](Nanos time) {
    Scene scene = with(connect_step + "takes = \"1s+2s\"\n");
    scene.call("dial", 5s, time);
    return scene.finding("time of");
  };
  // 32 ms for each timer at 250 Hz and 50 ms for the machine; 1 ms for the stamp before it.
  EXPECT_EQ(takes(2999ms - 1ns).status, Status::broken);
  EXPECT_EQ(takes(2999ms).status, Status::met);
  EXPECT_EQ(takes(3114ms).status, Status::met);
  EXPECT_EQ(takes(3114ms + 1ns).status, Status::broken);
  const Finding early = takes(2s);
  EXPECT_EQ(early.what, "time of client: connect (dial)");
  EXPECT_EQ(early.wanted, "1s+2s");
  EXPECT_EQ(early.got, "2s");
  EXPECT_EQ(
      early.tolerance,
      "2.999s to 3.114s (-1ms start uncertainty, +64ms timer wheel at 250 Hz, +50ms machine)");
}

TEST(Calls, OfWhichOnlyTheTotalIsKnownMayBeLateByAnEighthOfIt) {
  const auto takes = [](Nanos time) {
    Scene scene = with(connect_step + "takes = \"63s\"\n");
    scene.call("dial", 0s, time);
    return scene.finding("time of").status;
  };
  EXPECT_EQ(takes(63s - 1ms - 1ns), Status::broken);
  EXPECT_EQ(takes(63s - 1ms), Status::met);
  EXPECT_EQ(takes(63s + 8s), Status::met);
  EXPECT_EQ(takes(63s + 8s + 100ms), Status::broken);
}

TEST(Calls, FollowTheModelAndItsSysctls) {
  const auto takes = [](const std::string& retries, Nanos time) {
    Scene scene = with(connect_step + "fails = \"ETIMEDOUT\"\ntakes = \"timer:connect\"\n");
    auto& sysctl = scene.trace.environment.ends[0].sysctl;
    sysctl["net.ipv4.tcp_syn_retries"] = retries;
    sysctl["net.ipv4.tcp_syn_linear_timeouts"] = "0";
    scene.fails("dial", 0s, time, "ETIMEDOUT");
    return scene.finding("time of");
  };
  EXPECT_EQ(takes("1", 3020ms).status, Status::met);
  EXPECT_EQ(takes("1", 2990ms).status, Status::broken);
  EXPECT_EQ(takes("1", 3200ms).status, Status::broken);
  EXPECT_EQ(takes("2", 7100ms).status, Status::met);
  EXPECT_EQ(takes("2", 3020ms).status, Status::broken);
  EXPECT_TRUE(takes("2", 3020ms).wanted.starts_with("timer:connect says 7.0"))
      << takes("2", 3020ms).wanted;
}

TEST(Calls, WhoseModelCannotBeComputedCannotBeTold) {
  Scene scene = with(connect_step + "takes = \"timer:connect\"\n");
  scene.trace.environment.ends[0].sysctl.erase("net.ipv4.tcp_syn_retries");
  scene.call("dial", 0s, 1s);
  EXPECT_EQ(scene.finding("time of").status, Status::unclear);
  EXPECT_NE(scene.finding("time of").got.find("tcp_syn_retries"), std::string::npos);
  EXPECT_EQ(scene.judged().outcome, Outcome::INCONCLUSIVE);
}

TEST(Calls, OfATraceWithoutHzCannotBeTold) {
  Scene scene = with(connect_step + "takes = \"1s+2s\"\n");
  scene.trace.environment.hz = 0;
  scene.call("dial", 0s, 3s);
  EXPECT_EQ(scene.finding("time of").status, Status::unclear);
  EXPECT_EQ(scene.finding("time of").got, "the trace says HZ is 0, so no bound is known");
}

TEST(Waits, MustComeToAnEnd) {
  const std::string steps =
      connect_step + "[[step]]\nname = \"until\"\nwait = { server = \"ESTABLISHED\" }\n";
  Scene good = with(steps);
  good.call("dial", 0s, 1ms).wait("until", 2ms);
  EXPECT_EQ(good.judged().outcome, Outcome::PASS);

  Scene bad = with(steps);
  bad.call("dial", 0s, 1ms).wait("until", 180s, false);
  const Finding finding = bad.finding("(until)");
  EXPECT_EQ(finding.status, Status::broken);
  EXPECT_EQ(finding.got, "it had not by 180s");
  EXPECT_EQ(finding.owner, End::server);
}

TEST(Waits, ForACallAreTheCallersDoing) {
  Scene scene = with(
      "[[step]]\nname = \"take\"\nserver = \"accept\"\nbackground = true\n"
      "[[step]]\nname = \"until\"\nwait = { call = \"take\" }\n");
  scene.begins("take", 0s).wait("until", 180s, false);
  EXPECT_EQ(scene.finding("(until)").owner, End::server);
  EXPECT_EQ(scene.judged().outcome, Outcome::ERROR);
}

}  // namespace
}  // namespace faultline::test
