#include "harness/gtest/names.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

std::string name(const std::string& variant, std::set<std::string> taken = {}) {
  const TestName both = test_name(variant, taken);
  return both.suite + "." + both.test;
}

TEST(TestNames, AreTheTopicAndTheVariant) {
  EXPECT_EQ(name("handshake/syn-lost-63s[ipv4]"), "handshake.syn_lost_63s_ipv4");
  EXPECT_EQ(name("dead-peer/a[ipv6,lwip@uml-6.12,server]#2"),
            "dead_peer.a_ipv6_lwip_uml_6_12_server_2");
  EXPECT_EQ(name("plain[ipv4]"), "cases.plain_ipv4");
  EXPECT_EQ(name("/tmp/x/y[ipv4]"), "tmp_x.y_ipv4");
}

TEST(TestNames, AreTheirOwnVariantsAlone) {
  std::set<std::string> taken;
  EXPECT_EQ(test_name("a/b-c[ipv4]", taken).test, "b_c_ipv4");
  EXPECT_EQ(test_name("a/b_c[ipv4]", taken).test, "b_c_ipv4_2");
  EXPECT_EQ(test_name("a/b.c[ipv4]", taken).test, "b_c_ipv4_3");
  EXPECT_EQ(test_name("d/b-c[ipv4]", taken).test, "b_c_ipv4");
}

}  // namespace
}  // namespace faultline
