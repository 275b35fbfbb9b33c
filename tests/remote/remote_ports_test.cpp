#include "harness/run/remote_ports.hpp"

#include <gtest/gtest.h>

#include "harness/run/script.hpp"

namespace faultline {
namespace {

Case case_with(const std::vector<uint16_t>& ports) {
  Case the_case;
  for (const uint16_t port : ports) {
    CallStep call;
    call.port = port;
    the_case.steps.push_back({.what = call});
  }
  return the_case;
}

TEST(RemotePorts, EveryNamedPortHasOneOfItsOwn) {
  const RemotePorts ports(case_with({4000, 4001, 4000}), 20'000, 20'999, 7);
  EXPECT_EQ(ports.first(), 20'021);
  EXPECT_EQ(ports.last(), 20'023);
  EXPECT_EQ(ports.place(listening_port), 20'021);
  EXPECT_EQ(ports.place(4000), 20'022);
  EXPECT_EQ(ports.place(4001), 20'023);
}

TEST(RemotePorts, StayWithinTheRangeWhateverTheNumber) {
  const Case the_case = case_with({4000, 4001});
  for (const uint32_t random : {0U, 1U, 332U, 333U, 4'294'967'295U}) {
    const RemotePorts ports(the_case, 20'000, 20'999, random);
    EXPECT_GE(ports.first(), 20'000);
    EXPECT_LE(ports.last(), 20'999);
    EXPECT_EQ(ports.last() - ports.first(), 2);
  }
}

TEST(RemotePorts, AServicesOwnIsTheListenersAlways) {
  Case the_case = case_with({4000});
  the_case.steps.insert(the_case.steps.begin(), 2, {.what = CallStep{.call = Call::connect}});
  RemotePorts ports(the_case, 20'000, 20'999, 7, 80);
  EXPECT_EQ(ports.place(listening_port), 80);
  EXPECT_EQ(ports.first(), 20'021);
  EXPECT_EQ(ports.last(), 20'023);
  EXPECT_EQ(ports.take_local(), 20'021);
  EXPECT_EQ(ports.take_local(), 20'022);
  EXPECT_EQ(ports.place(4000), 20'023);
  EXPECT_EQ(ports.take_local(), 0);
}

}  // namespace
}  // namespace faultline
