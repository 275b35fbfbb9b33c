// The cases that measure: they exist, set nothing themselves, and follow the settings.
#include "harness/tune/measuring.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(Measuring, OnlyLongWaitsBecomeLonger) {
  const std::string text =
      "title = \"within = 3h\"\n[[step]]\nwait   = { client = \"CLOSED\" }\nwithin = \"3h\"\n"
      "[[step]]\nwithin = \"2s\"  # within\n  within=\"1h\" # x\n";
  EXPECT_EQ(with_patience(text, 10000001ms * 1000),
            "title = \"within = 3h\"\n[[step]]\nwait   = { client = \"CLOSED\" }\nwithin = "
            "\"10000001s\"\n[[step]]\nwithin = \"2s\"  # within\n  within=\"10000001s\" # x\n");
  EXPECT_EQ(with_patience(text, 2h),
            "title = \"within = 3h\"\n[[step]]\nwait   = { client = \"CLOSED\" }\nwithin = "
            "\"3h\"\n[[step]]\nwithin = \"2s\"  # within\n  within=\"7200s\" # x\n");
  EXPECT_EQ(with_patience("a\nb", 2h), "a\nb");
  EXPECT_EQ(with_patience("", 2h), "");
  EXPECT_EQ(with_patience("within = \"1500.5h\"", 2h), "within = \"1500.5h\"");
}

}  // namespace
}  // namespace faultline
