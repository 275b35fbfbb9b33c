#include "harness/world/probe.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(Probe, EachFindsSomethingAndAdvisesWhereItIsNotWell) {
  for (const auto& probe : probe_all()) {
    SCOPED_TRACE(probe.name);
    EXPECT_FALSE(probe.name.empty());
    EXPECT_FALSE(probe.detail.empty());
    EXPECT_EQ(probe.ok, probe.advice.empty()) << probe.detail << "; " << probe.advice;
  }
}

TEST(Probe, HzIsOneThatAKernelCanBeBuiltWith) {
  EXPECT_TRUE(kernel_hz() >= 24 && kernel_hz() <= 1200) << kernel_hz();
}

}  // namespace
}  // namespace faultline
