// What `faultline run --stack remote` refuses, and why.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/remote/two_machines.hpp"
#include "tests/world/worker.hpp"

namespace faultline::test {
namespace {

constexpr int usage_error = 64;

std::string refusal(const TwoMachines& machines, std::vector<std::string> arguments) {
  std::vector<std::string> argv{program, "run", "handshake/three-way", "--out",
                                machines.folder() + "/out"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  Process run(argv, {});
  EXPECT_EQ(run.wait(), usage_error) << run.err;
  return run.err;
}

std::string refused_remote(const TwoMachines& machines, const std::string& remote,
                           const std::string& token) {
  return refusal(machines, {"--stack", "remote", "--remote", remote, "--remote-token", token});
}

TEST(RemoteRun, RefusesAnAddressThatIsThisMachines) {
  as_worker([] {
    const TwoMachines machines;
    for (const char* own : {here_v4, "127.0.0.1", "127.9.9.9", "::1", "fd77::1"})
      EXPECT_NE(refused_remote(machines, own, machines.token()).find("is this machine's own address"),
                std::string::npos)
          << own;
  });
}

TEST(RemoteRun, RefusesWhereThereIsNoRoute) {
  as_worker([] {
    const TwoMachines machines;
    EXPECT_EQ(refused_remote(machines, "192.0.2.9", machines.token()),
              "faultline: no route to 192.0.2.9: Network is unreachable\n");
    EXPECT_EQ(refusal(machines, {"--stack", "remote", "--remote", there_v4, "--remote-token",
                                 machines.token(), "--remote-interface", "none"}),
              "faultline: there is no interface 'none'\n");
  });
}

TEST(RemoteRun, RefusesATokenThatIsWrongOrReadable) {
  as_worker([] {
    const TwoMachines machines;
    const auto driver = machines.driver(there_v4);
    const std::string wrong = machines.folder() + "/wrong";
    std::ofstream(wrong) << "another that is long enough\n";
    chmod(wrong.c_str(), 0600);
    EXPECT_EQ(refused_remote(machines, there_v4, wrong),
              "faultline: the driver at 10.77.0.2:7400 says: the token is not this driver's\n");
    chmod(wrong.c_str(), 0644);
    EXPECT_EQ(refused_remote(machines, there_v4, wrong),
              "faultline: the token's file " + wrong + " is open to others (mode 0644): chmod 600 " +
                  wrong + "\n");
  });
}

TEST(RemoteRun, RefusesWhereNobodyListensOrSomethingElseDoes) {
  as_worker([] {
    const TwoMachines machines;
    EXPECT_EQ(refused_remote(machines, there_v4, machines.token()),
              "faultline: the driver: connecting to 10.77.0.2:7400: Connection refused\n");
  });
}

TEST(RemoteRun, RefusesWhatItCannotDo) {
  as_worker([] {
    const TwoMachines machines;
    EXPECT_EQ(refusal(machines, {"--remote", there_v4}),
              "faultline: --remote goes with --stack remote\n");
    EXPECT_EQ(refusal(machines, {"--stack", "remote"}),
              "faultline: --stack remote needs --remote ADDR[:PORT]\n");
    EXPECT_EQ(refusal(machines, {"--stack", "remote", "--remote", there_v4, "--remote-token",
                                 machines.token(), "--sysctl", "tcp_sack=0"}),
              "faultline: --sysctl sets nothing on a machine across a network\n");
  });
}

}  // namespace
}  // namespace faultline::test
