#include <gtest/gtest.h>

#include "harness/world/world.hpp"
#include "tests/world/worker.hpp"

namespace faultline {
namespace {

using test::as_worker;

void expect_refused(World& world, std::string_view name, std::string_view value,
                    std::string_view wanted) {
  const auto done = world.write_sysctl(End::client, name, value);
  ASSERT_FALSE(done) << name;
  EXPECT_EQ(done.error().what, wanted);
}

TEST(Sysctl, IsWrittenAtOneEndAndReadBack) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    ASSERT_TRUE(world->write_sysctl(End::client, "net.ipv4.tcp_syn_retries", "3"));
    EXPECT_EQ(*world->read_sysctl(End::client, "net.ipv4.tcp_syn_retries"), "3");
    EXPECT_EQ(*world->read_sysctl(End::server, "net.ipv4.tcp_syn_retries"), "6");
    const auto written =
        world->write_sysctl(End::client, "net.ipv4.tcp_rmem", "4096\t 8192   16384\n");
    EXPECT_EQ(written.value_or(""), "4096 8192 16384");
    EXPECT_EQ(*world->read_sysctl(End::client, "net.ipv4.tcp_rmem"), "4096 8192 16384");
  });
}

TEST(Sysctl, SaysWhatTheKernelHasInstead) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    expect_refused(*world, "net.ipv4.tcp_syn_retries", "999",
                   "sysctl net.ipv4.tcp_syn_retries = 999: Invalid argument; the kernel keeps 6");
    expect_refused(*world, "net.ipv4.tcp_fin_timeout", "60 61",
                   "sysctl net.ipv4.tcp_fin_timeout = 60 61: the kernel made it 60");
    // To the kernel a leading zero means octal.
    expect_refused(*world, "net.ipv4.tcp_fin_timeout", "061",
                   "sysctl net.ipv4.tcp_fin_timeout = 061: the kernel made it 49");
    expect_refused(*world, "net.ipv4.tcp_sin_retries", "1",
                   "sysctl net.ipv4.tcp_sin_retries: this kernel has none of that name");
  });
}

TEST(Sysctl, RefusesWhatIsNotAnEndsOwn) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    expect_refused(*world, "kernel.panic.x", "1",
                   "sysctl kernel.panic.x is not an end's own: only those below net. can be set");
    for (const auto* name : {"net.ipv4../tcp_syn_retries", "net.ipv4/tcp_syn_retries",
                             "net...kernel.panic", "net.ipv4.", "", "net.ipv4.tcp syn"})
      EXPECT_FALSE(world->write_sysctl(End::client, name, "1")) << name;
  });
}

TEST(Sysctl, AllOfTcpIsReadByFullName) {
  as_worker([] {
    auto world = World::build();
    ASSERT_TRUE(world) << world.error().what;
    const auto all = world->initial_tcp_sysctls();
    ASSERT_TRUE(all) << all.error().what;
    EXPECT_EQ(all->at("net.ipv4.tcp_syn_retries"), "6");
    EXPECT_EQ(all->at("net.ipv4.tcp_rmem"), "4096 131072 6291456");
    EXPECT_TRUE(all->contains("net.ipv4.ip_local_port_range"));
    EXPECT_FALSE(all->contains("net.ipv4.tcp_fastopen_key"));
    EXPECT_GT(all->size(), 60U);
    const auto control = all->at("net.ipv4.tcp_congestion_control");
    EXPECT_EQ(control, "reno");
  });
}

}  // namespace
}  // namespace faultline
