#include "harness/case/same_run.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

const std::string recorded = R"(
title = "a"
about = "client"
[[rule]]
match = { flags = "SYN" }
drop = 1
[[step]]
client = "connect"
takes = "1s"
[expect]
never = [{ has = "RST" }]
)";

std::string with(std::string text, const std::string& old, const std::string& now) {
  const size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), now);
}

TEST(SameRun, ExpectationsAndWordsMayDiffer) {
  EXPECT_EQ(difference_of_runs(recorded, recorded), "");
  EXPECT_EQ(difference_of_runs(recorded, with(recorded, "\"a\"", "\"b\"")), "");
  EXPECT_EQ(difference_of_runs(recorded, with(recorded, "takes = \"1s\"", "fails = \"EPIPE\"")),
            "");
  EXPECT_EQ(difference_of_runs(recorded, with(recorded, "never", "segments")), "");
}

TEST(SameRun, WhatWasDoneMayNot) {
  EXPECT_EQ(difference_of_runs(recorded, with(recorded, "drop = 1", "drop = 2")), "/rule/0/drop");
  EXPECT_EQ(difference_of_runs(recorded, with(recorded, "\"SYN\"", "\"FIN\"")),
            "/rule/0/match/flags");
  EXPECT_EQ(difference_of_runs(recorded, with(recorded, "\"connect\"", "\"bind\"")),
            "/step/0/client");
  EXPECT_EQ(difference_of_runs(recorded, with(recorded, "about = \"client\"", "about = \"both\"")),
            "/about");
  EXPECT_EQ(
      difference_of_runs(recorded, with(recorded, "[[rule]]", "client.sysctl.a = 1\n[[rule]]")),
      "/client");
}

}  // namespace
}  // namespace faultline
