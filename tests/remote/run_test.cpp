// Cases against a machine across a network.
#include <gtest/gtest.h>

#include "harness/world/netns.hpp"
#include "tests/remote/two_machines.hpp"
#include "tests/world/worker.hpp"

namespace faultline::test {
namespace {

struct Ran {
  int code;
  std::string out, err;
};

Ran run_with(const TwoMachines& machines, const std::vector<std::string>& words) {
  std::vector<std::string> argv{program, "run",   "--stack",
                                "remote", "--out", machines.folder() + "/out"};
  argv.insert(argv.end(), words.begin(), words.end());
  Process program(argv, {});
  const int code = program.wait(milliseconds(120'000));
  return {code, program.out, program.err};
}

Ran run(const TwoMachines& machines, const std::string& remote, std::vector<std::string> cases) {
  cases.insert(cases.end(), {"--remote", remote, "--remote-token", machines.token()});
  return run_with(machines, cases);
}

TEST(RemoteRun, PassesWhatLinuxPassesOverIPv4) {
  as_worker([] {
    const TwoMachines machines;
    const auto driver = machines.driver(there_v4);
    const Ran ran = run(machines, there_v4,
                        {"data/lost-once", "data/reordered", "handshake/syn-lost-once",
                         "reset/rst-in-window-client", "reset/rst-in-window-server"});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    EXPECT_NE(ran.out.find("PASS  data/lost-once[ipv4,remote"), std::string::npos) << ran.out;
  });
}

TEST(RemoteRun, PassesWhatLinuxPassesOverIPv6) {
  as_worker([] {
    const TwoMachines machines;
    const auto driver = machines.driver(there_v6);
    const Ran ran = run(machines, there_v6, {"data/lost-once", "data/reordered"});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    EXPECT_NE(ran.out.find("PASS  data/lost-once[ipv6,remote"), std::string::npos) << ran.out;
  });
}

// Without a driver: a service that only listens.
TEST(RemoteRun, InfersTheStatesOfAServiceFromItsSegments) {
  as_worker([] {
    const TwoMachines machines;
    const auto service = in_namespace(machines.netns(), []() -> Result<Fd> {
      return listen_on({*address_from_string(there_v4), 9000});
    });
    ASSERT_TRUE(service);
    const Ran ran = run_with(machines, {"--remote", std::string(there_v4) + ":9000", "-v",
                                        "data/acknowledged-in-half-a-second",
                                        "handshake/rst-returns-to-listen", "reset/rst-in-window-server"});
    EXPECT_NE(ran.out.find("PASS  data/acknowledged-in-half-a-second[ipv4,remote]"),
              std::string::npos)
        << ran.out << ran.err;
    EXPECT_NE(ran.out.find("PASS  handshake/rst-returns-to-listen[ipv4,remote]"), std::string::npos)
        << ran.out;
    EXPECT_NE(ran.out.find("the server's states are inferred from its segments"), std::string::npos)
        << ran.out;
    EXPECT_NE(ran.out.find("which takes a driver"), std::string::npos) << ran.out;
    EXPECT_EQ(ran.code, 0) << ran.out;
  });
}

// A case that wants another sysctl than there is says so, and writes none.
TEST(RemoteRun, SetsNoSysctls) {
  as_worker([] {
    const TwoMachines machines;
    const auto driver = machines.driver(there_v4);
    const Ran ran = run(machines, there_v4, {"handshake/syn-lost-63s"});
    EXPECT_NE(ran.out.find("UNSUPPORTED  handshake/syn-lost-63s[ipv4,remote]"), std::string::npos)
        << ran.out << ran.err;
    EXPECT_NE(ran.out.find("(the case sets the client's tcp_syn_"), std::string::npos)
        << ran.out;
  });
}

}  // namespace
}  // namespace faultline::test
