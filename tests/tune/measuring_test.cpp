// The cases that measure: they exist, set nothing themselves, and follow the settings.
#include "harness/tune/measuring.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "harness/tune/behaviours.hpp"

namespace faultline {
namespace {

// What a case sets itself would not be the kernel's, and a literal would not follow the settings.
TEST(Measuring, EachBehaviourHasACaseThatFollowsTheSettings) {
  for (const Behaviour& behaviour : behaviours()) {
    std::ifstream file(FAULTLINE_SOURCE_DIR "/cases/" + measuring_case(behaviour) + ".toml");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_TRUE(text.contains("is = \"timer:" + behaviour.model + "\"") ||
                text.contains("takes  = \"timer:" + behaviour.model + "\""))
        << behaviour.name;
    EXPECT_FALSE(text.contains("\nsysctl")) << behaviour.name;
    EXPECT_FALSE(text.contains("options = { TCP_")) << behaviour.name;
  }
}

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
