#include "harness/util/suggest.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace faultline {
namespace {

const std::vector<std::string> words{"retransmission", "payload", "flags", "from"};

TEST(Suggest, FindsTheNearestWord) {
  EXPECT_EQ(nearest("flgas", words), "flags");
  EXPECT_EQ(nearest("retransmision", words), "retransmission");
  EXPECT_EQ(did_you_mean("paylod", words), " (did you mean 'payload'?)");
}

TEST(Suggest, CaseIsNoDifference) { EXPECT_EQ(nearest("FLAGS", words), "flags"); }

TEST(Suggest, IsSilentWhereNothingIsNear) {
  EXPECT_EQ(nearest("sysctl", words), "");
  EXPECT_EQ(did_you_mean("", words), "");
  EXPECT_EQ(nearest(std::string(10'000, 'x'), words), "");
}

}  // namespace
}  // namespace faultline
