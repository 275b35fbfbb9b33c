// Sharing out and giving back, with a shell script for a guest: it writes frames as the test wants.
#include "harness/run/guest_pool.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "harness/run/guest_plan.hpp"
#include "harness/run/shares.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

class GuestPoolTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("pool-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // What a guest does: $CHANNEL is where its frames go, $OUT the test's folder, $FIRST the number
  // of its first job among all.
  void run(size_t cases, const std::string& script, Nanos longest_silence = 20s) {
    std::ofstream(folder_ / "guest.sh") << "CHANNEL=$1 OUT=" << folder_.string() << "\n"
                                        << "say() { printf '%s\\n' \"$*\" >>\"$CHANNEL\"; }\n"
                                        << script << "\n";
    cases_.resize(cases);
    std::vector<Variant> variants;
    for (size_t i = 0; i < cases; ++i) {
      cases_[i].id = std::to_string(i);
      variants.push_back({.the_case = &cases_[i], .longest = 20s});
    }
    boost::asio::io_context context{1};
    GuestPool pool(
        context, std::move(variants),
        {.jobs = 1, .traces = folder_, .rerun = [](const Variant&) { return "again"; }},
        {.on_start = [&](const Variant& one) { started_.push_back(one.name()); },
         .on_result = [&](const Variant&, CaseResult one) { results_.push_back(std::move(one)); },
         .on_done = [&] { ++done_; },
         .on_kernel = [&](const std::string& release,
                          int hz) { kernel_ = release + "@" + std::to_string(hz); }},
        {.launch = [&](const std::string& plan, const fs::path& folder) -> Result<Launch> {
           ++guests_;
           plan_ = plan_from_text(plan).value();
           if (auto made = write_file(folder / "channel", ""); !made)
             return std::unexpected(made.error());
           return Launch{{"/bin/sh", folder_ / "guest.sh", folder / "channel"}, folder / "channel"};
         },
         .longest_silence = longest_silence,
         .lacks = lacks_});
    pool.start();
    context.run_for(30s);
    refusal_ = pool.refusal();
  }

  fs::path folder_;
  std::vector<Case> cases_;
  std::vector<std::string> started_;
  std::vector<CaseResult> results_;
  std::optional<std::vector<std::string>> lacks_;
  GuestPlan plan_;
  int done_ = 0, guests_ = 0;
  std::string kernel_, refusal_;
};

TEST_F(GuestPoolTest, ReportsWhatTheGuestSays) {
  run(2,
      "printf 'up 0 7\\n6.1 100began 0 0\\nfailed 0 3\\nwhy' >>\"$CHANNEL\"\n"
      "printf 'began 1 0\\nfailed 1 4\\nwhy2done 0 0\\n' >>\"$CHANNEL\"");
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(refusal_, "");
  ASSERT_EQ(results_.size(), 2);
  EXPECT_EQ(results_[0].outcome, Outcome::ERROR);
  EXPECT_EQ(results_[0].reason, "why");
  EXPECT_EQ(results_[1].reason, "why2");
  EXPECT_EQ(kernel_, "6.1@100");
}

TEST_F(GuestPoolTest, AGuestThatDiesTakesWhatItHadBegunWithIt) {
  // The first guest dies in its first case; the second ends the one that was not begun.
  run(2,
      "if [ ! -e \"$OUT/once\" ]; then : >\"$OUT/once\"\n"
      "  say up 0 0; say began 0 0; echo 'Kernel panic - not syncing'; kill -9 $$\n"
      "fi\n"
      "say up 0 0; say began 0 0; printf 'failed 0 2\\nokdone 0 0\\n' >>\"$CHANNEL\"");
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(guests_, 2);
  ASSERT_EQ(results_.size(), 2);
  EXPECT_EQ(results_[0].case_id, "0");
  EXPECT_EQ(results_[0].outcome, Outcome::ERROR);
  EXPECT_NE(results_[0].reason.find("SIGKILL"), std::string::npos) << results_[0].reason;
  ASSERT_FALSE(results_[0].story.empty());
  EXPECT_EQ(results_[0].story.back(), "console: Kernel panic - not syncing");
  EXPECT_EQ(results_[1].case_id, "1");
  EXPECT_EQ(results_[1].reason, "ok");
}

TEST_F(GuestPoolTest, AGuestThatHangsIsKilled) {
  run(1, "say up 0 0; say began 0 0; exec sleep 60", 300ms);
  EXPECT_EQ(done_, 1);
  ASSERT_EQ(results_.size(), 1);
  EXPECT_EQ(results_[0].reason, "nothing was heard from the guest for 300ms");
}

TEST_F(GuestPoolTest, AGuestThatSaysGarbageIsKilled) {
  run(1, "say up 0 0; say began 0 0; say garbage; exec sleep 60");
  ASSERT_EQ(results_.size(), 1);
  EXPECT_NE(results_[0].reason.find("garbage"), std::string::npos) << results_[0].reason;
}

TEST_F(GuestPoolTest, AGuestThatNeverCameUpIsARefusal) {
  run(200, "echo 'no such thing as ptrace'; exit 1");
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(guests_, 1) << "the others would fare no better";
  EXPECT_TRUE(results_.empty());
  EXPECT_NE(refusal_.find("no such thing as ptrace"), std::string::npos) << refusal_;
}

TEST_F(GuestPoolTest, AKernelThatLacksAnOptionSkipsAll) {
  run(200,
      "printf 'up 0 40\\n6.1 100\\nCONFIG_VETH\\nCONFIG_NFT_QUEUE (x)' >>\"$CHANNEL\"\n"
      "exec sleep 60");
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(guests_, 1) << "the others would find the same";
  EXPECT_EQ(refusal_, "");
  EXPECT_EQ(kernel_, "6.1@100");
  ASSERT_EQ(results_.size(), 200);
  for (const CaseResult& one : results_) {
    EXPECT_EQ(one.outcome, Outcome::SKIP);
    EXPECT_EQ(one.reason, "the kernel lacks CONFIG_VETH, CONFIG_NFT_QUEUE (x)");
  }
}

TEST_F(GuestPoolTest, AKernelThatIsKnownToLackAnOptionIsNotStarted) {
  lacks_ = {{"CONFIG_VETH"}};
  run(3, "exit 1");
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(guests_, 0);
  ASSERT_EQ(results_.size(), 3);
  EXPECT_EQ(results_[2].outcome, Outcome::SKIP);
  EXPECT_EQ(results_[2].reason, "the kernel lacks CONFIG_VETH");
}

TEST_F(GuestPoolTest, AGuestTriesOptionsWhereNothingTells) {
  const std::string script = "say up 0 0; printf 'failed 0 2\\nokdone 0 0\\n' >>\"$CHANNEL\"";
  run(1, script);
  EXPECT_TRUE(plan_.try_options);
  lacks_.emplace();
  run(1, script);
  EXPECT_FALSE(plan_.try_options);
  EXPECT_EQ(results_.back().reason, "ok") << "nothing is missing";
}

TEST_F(GuestPoolTest, ATraceThatIsNoneIsAnError) {
  run(1, "printf 'up 0 0\\nbegan 0 0\\ntrace 0 5\\n{]}[]done 0 0\\n' >>\"$CHANNEL\"");
  ASSERT_EQ(results_.size(), 1);
  EXPECT_EQ(results_[0].outcome, Outcome::ERROR);
  EXPECT_TRUE(fs::exists(folder_ / "0[ipv4].json")) << "it is kept";
}

}  // namespace
}  // namespace faultline
