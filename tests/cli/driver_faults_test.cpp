// Drivers that misbehave: an ERROR of the case that met one, and of no other. In the driver's place
// stands a script that looks for the mark of cases/marked.toml: where it is set it misbehaves, else
// it is the real driver.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

class DriverFaults : public Installation {
 protected:
  // The reason of the marked case's ERROR, beside which the other case passes.
  std::string reason_with(const std::string& script) {
    replace_driver("[ \"$(cat /proc/sys/net/ipv4/tcp_syn_retries)\" = 9 ] || exec $REAL\n" +
                   script);
    json report;
    const Ran ran = run({"marked", "refused", "--ipv4"}, report);
    EXPECT_EQ(ran.code, 2) << ran.out << ran.err;
    EXPECT_EQ(report["summary"]["PASS"], 1) << ran.out;
    EXPECT_EQ(report["summary"]["ERROR"], 1) << ran.out;
    for (const json& result : report["results"])
      if (result["case"] == "marked") return result["reason"];
    return "";
  }
  static constexpr auto hello =
      R"(echo '{"event":"hello","protocol":1,"stack":"x","version":"1","clock":"CLOCK_MONOTONIC"}';)";
};

TEST_F(DriverFaults, ItDiesAtOnce) {
  const std::string reason = reason_with("echo no way >&2; exit 3");
  EXPECT_TRUE(has(reason, "the client's driver: ")) << reason;
  EXPECT_TRUE(has(reason, "ended with status 3")) << reason;
}

TEST_F(DriverFaults, ItSaysNoHello) {
  const std::string reason = reason_with("exec sleep 100");
  EXPECT_TRUE(has(reason, "said no hello within 5s")) << reason;
}

TEST_F(DriverFaults, ItNeverAnswers) {
  const std::string reason = reason_with(std::string(hello) + "exec sleep 100");
  EXPECT_EQ(reason, "the client's driver did not answer to connect within 5s");
}

TEST_F(DriverFaults, ItSaysWhatIsNoProtocol) {
  const std::string reason =
      reason_with(std::string(hello) + "read LINE; echo garbage; exec sleep 100");
  EXPECT_TRUE(has(reason, "garbage")) << reason;
}

TEST_F(DriverFaults, ItDiesInTheMiddleOfACall) {
  const std::string reason = reason_with(std::string(hello) + "read LINE; kill -SEGV $$");
  EXPECT_TRUE(has(reason, "was killed by SIGSEGV")) << reason;
}

TEST_F(DriverFaults, ItIsNoProgram) {
  write("build/x/faultline-driver-linux.text", "no program");
  std::filesystem::rename(root_ / "build/x/faultline-driver-linux.text",
                          root_ / "build/x/faultline-driver-linux");
  json report;
  const Ran ran = run({"refused", "--ipv4"}, report);
  EXPECT_EQ(ran.code, 2) << ran.out << ran.err;
  const std::string reason = report["results"][0]["reason"];
  EXPECT_TRUE(has(reason, "cannot start ")) << reason;
  EXPECT_TRUE(has(reason, "Permission denied")) << reason;
}

}  // namespace
}  // namespace faultline::test
