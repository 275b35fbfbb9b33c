#include "stacks/remote/address.hpp"

#include <gtest/gtest.h>

namespace faultline::remote {
namespace {

std::string read(const std::string& text, bool loopback_port = false) {
  const auto endpoint = endpoint_from_text(text, loopback_port);
  return endpoint ? to_string(*endpoint) : "refused";
}

TEST(RemoteAddress, IsNumericWithOrWithoutAPort) {
  EXPECT_EQ(read("192.0.2.1"), "192.0.2.1:0");
  EXPECT_EQ(read("192.0.2.1:7400"), "192.0.2.1:7400");
  EXPECT_EQ(read("2001:db8::1"), "[2001:db8::1]:0");
  EXPECT_EQ(read("[2001:db8::1]:7400"), "[2001:db8::1]:7400");
}

TEST(RemoteAddress, APortAloneIsTheLoopbacksWhereThatIsMeant) {
  EXPECT_EQ(read("7400", true), "127.0.0.1:7400");
  EXPECT_EQ(read("7400", false), "refused");
}

TEST(RemoteAddress, NothingElseIsOne) {
  for (const char* text : {"", "host", "host:80", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:8o",
                           "192.0.2.1:-1", "[2001:db8::1]", "[2001:db8::1", "[192.0.2.1:80",
                           "2001:db8::1]:80", "192.0.2.1:80:80", "65536"})
    EXPECT_EQ(read(text, true), "refused") << text;
}

}  // namespace
}  // namespace faultline::remote
