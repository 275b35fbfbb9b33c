#include "harness/case/names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "harness/drive/protocol.hpp"
#include "harness/timers/models.hpp"

namespace faultline {
namespace {

using Names = std::set<std::string>;

Names all(std::span<const std::string> names) {
  return {names.begin(), names.end()};
}

TEST(Names, TimersAreThoseThatHaveAModel) {
  EXPECT_EQ(all(timer_names()), all(model_names()));
}

TEST(Names, ErrnosAreThoseOfTheSystem) {
  Names known;
  for (int number = 1; number < 200; ++number)
    if (const char* name = strerrorname_np(number)) known.insert(name);
  for (const std::string& name : errno_names()) EXPECT_TRUE(known.contains(name)) << name;
}

TEST(Names, TcpInfoCanOnlyBeRead) {
  EXPECT_FALSE(all(option_names()).contains("TCP_INFO"));
  EXPECT_TRUE(all(readable_option_names()).contains("TCP_INFO"));
  EXPECT_EQ(option_names().size() + 1, readable_option_names().size());
}

TEST(Names, OptionsAreThoseOfTheDriverProtocol) {
  const Names protocol(protocol::options.begin(), protocol::options.end());
  EXPECT_EQ(all(option_names()), protocol);
}

}  // namespace
}  // namespace faultline
