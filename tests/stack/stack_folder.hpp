// Folders of stacks for one test, and a description that is good.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "harness/stack/stack.hpp"

namespace faultline::test {

// Line 1 is the name's.
inline constexpr auto good_stack = R"(name   = "toy"
title  = "A toy"
build  = ["{stack}/build", "{out}"]
start  = ["{out}/driver", "--bin={bin}"]
attach = "tun"
[clock]
stamps  = "own"
granule = "500ms"
early   = "250ms"
[states]
source = "driver"
[supports]
families = ["ipv6"]
calls    = ["connect", "send"]
options  = ["TCP_NODELAY", "TCP_INFO"]
sysctls  = false
[sysctl]
tcp_sack = "0"
[timers.connect]
gaps = ["1s", "2s"]
ends = "7s"
)";

class StackFolder : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_.parent_path()); }

  std::expected<Stack, CaseError> read(const std::string& text, const std::string& known = "") {
    std::ofstream(folder_ / "stack.toml") << text;
    std::ofstream(folder_ / "known.toml") << known;
    return read_stack(folder_);
  }
  // The good one with `old` replaced.
  static std::string edited(const std::string& old, const std::string& by) {
    std::string text = good_stack;
    const size_t at = text.find(old);
    EXPECT_NE(at, text.npos) << old;
    return text.replace(at, old.size(), by);
  }
  // "LINE: what", of the good one with `old` replaced.
  std::string refused(const std::string& old, const std::string& by) {
    const auto stack = read(edited(old, by));
    if (stack) return "accepted";
    EXPECT_EQ(stack.error().file, (folder_ / "stack.toml").string());
    return std::to_string(stack.error().line) + ": " + stack.error().what;
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("stacks-" + std::to_string(getpid())) / "toy";
};

}  // namespace faultline::test
