#include "harness/check/findings.hpp"

#include <gtest/gtest.h>

namespace faultline::check {
namespace {

TEST(Findings, ReadAsOneLineEach) {
  EXPECT_EQ(to_string({Verdict::ok, "life: exit ends it", "", ""}),
            "ok           life: exit ends it");
  EXPECT_EQ(to_string({Verdict::unsupported, "closing: abort", "", "no RST"}),
            "unsupported  closing: abort: no RST");
  EXPECT_EQ(to_string({Verdict::missing, "lines: no JSON", "an error event", "none"}),
            "MISSING      lines: no JSON: wanted an error event, got none");
  EXPECT_EQ(to_string({Verdict::broken, "names: of 65 bytes", "EINVAL", "{}"}),
            "BROKEN       names: of 65 bytes: wanted EINVAL, got {}");
}

TEST(Findings, AreCleanWhereNothingIsBrokenOrMissing) {
  Findings findings([](const Finding&) {});
  EXPECT_FALSE(findings.clean()) << "nothing was looked at";
  findings.topic("life");
  findings.add(Verdict::ok, "a");
  findings.add(Verdict::unsupported, "b");
  EXPECT_TRUE(findings.clean());
  EXPECT_EQ(findings.summary(), "1 ok, 1 unsupported, 0 missing, 0 broken");
  findings.add(Verdict::missing, "c");
  EXPECT_FALSE(findings.clean());
  EXPECT_EQ(findings.all().back().what, "life: c");
}

}  // namespace
}  // namespace faultline::check
