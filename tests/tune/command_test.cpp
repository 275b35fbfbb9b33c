// `faultline tune` as users call it. What measures is skipped where uml-6.12 has not been built.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/case/schema.hpp"
#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Tune : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("tune-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  int faultline(std::vector<std::string> arguments, std::function<void()> in_child = {}) {
    arguments.insert(arguments.begin(), std::string(FAULTLINE_BINARY_DIR) + "/faultline");
    Process process(arguments, {.folder = folder_, .in_child = std::move(in_child)});
    const int code = process.wait(std::chrono::minutes(3));
    out_ = process.out;
    err_ = process.err;
    return code;
  }
  int tune(std::vector<std::string> arguments, std::function<void()> in_child = {}) {
    arguments.insert(arguments.begin(), "tune");
    return faultline(std::move(arguments), std::move(in_child));
  }
  int predict(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--predict");
    return tune(std::move(arguments));
  }
  // The report in a file of this name, which must fit its schema.
  [[nodiscard]] json report(const std::string& name) const {
    const json schema = json::parse(std::ifstream(FAULTLINE_SOURCE_DIR "/docs/tune.schema.json"));
    json read = json::parse(std::ifstream(folder_ / name), nullptr, false);
    EXPECT_EQ(violation(schema, schema, read), "");
    return read;
  }

  fs::path folder_;
  std::string out_, err_;
};

TEST_F(Tune, PredictsAtOnce) {
  write("a.conf", "net.ipv4.tcp_syn_retries = 3\n");
  EXPECT_EQ(predict({"a.conf"}), 0) << err_;
  EXPECT_TRUE(out_.contains("a.conf: predicted for Linux 6.12 at 250 Hz")) << out_;
  EXPECT_TRUE(out_.contains("fails with ETIMEDOUT after 19.3 to 19.6 s.")) << out_;
  EXPECT_EQ(predict({"--kernel", "uml-6.1@1000", "a.conf"}), 0) << err_;
  EXPECT_TRUE(out_.contains("uml-6.1@1000 at 1000 Hz")) << out_;
  EXPECT_TRUE(out_.contains("after 15.")) << out_;
  write("b.conf", "net.ipv4.tcp_retries2 = 5\n");
  EXPECT_EQ(predict({"--rtt", "80ms", "b.conf"}), 0) << err_;
  EXPECT_TRUE(out_.contains("for round trips of 80 ms")) << out_;
  EXPECT_EQ(predict({"--rtt", "2min"}), 64);
  EXPECT_EQ(tune({"--rtt", "80ms"}), 64);
}

TEST_F(Tune, ReadsStandardInputAndSeveralFiles) {
  write("a.conf", "net.ipv4.tcp_syn_retries = 3\n");
  write("b.conf", "net/ipv4/tcp_syn_retries=2\n");
  const auto input = [this] {
    const int file = open((folder_ / "b.conf").c_str(), O_RDONLY);
    dup2(file, STDIN_FILENO);
  };
  EXPECT_EQ(tune({"--predict", "a.conf", "-"}, input), 0) << err_;
  EXPECT_TRUE(out_.contains("-:1: overrides tcp_syn_retries = 3 of a.conf:1")) << out_;
  EXPECT_TRUE(out_.contains("tcp_syn_retries = 2 (-:1)")) << out_;
}

TEST_F(Tune, RequirementsAreAGate) {
  write("a.conf", "net.ipv4.tcp_syn_retries = 3\n");
  EXPECT_EQ(predict({"a.conf", "--require", "connect <= 20s"}), 0) << out_;
  EXPECT_TRUE(out_.contains("ok      connect <= 20s holds")) << out_;
  EXPECT_EQ(predict({"a.conf", "--require", "connect <= 20s", "--require", "keepalive<=1h"}), 1);
  EXPECT_TRUE(out_.contains("BROKEN  keepalive <= 1h does not hold: it takes 2h 11min")) << out_;
  EXPECT_EQ(predict({"--require", "conect <= 1s"}), 64);
  EXPECT_TRUE(
      err_.contains("--require 'conect <= 1s': there is no behaviour 'conect' (did you mean "
                    "'connect'?); there are connect, synack"))
      << err_;
}

TEST_F(Tune, BadInputIsToldWithItsLineAndNothingIsRun) {
  write("a.conf", "# x\nnet.ipv4.tcp_syn_retries = 300\nnet.ipv4.tcp_retries3 = 1\n");
  EXPECT_EQ(tune({"a.conf"}), 65);
  EXPECT_TRUE(out_.empty()) << out_;
  EXPECT_TRUE(
      err_.contains("a.conf:2:28: error: 300 is out of range: tcp_syn_retries is a number "
                    "from 1 to 127\nnet.ipv4.tcp_syn_retries = 300\n"))
      << err_;
  EXPECT_TRUE(err_.contains("a.conf:3:1: error: no kernel has a sysctl")) << err_;
  EXPECT_FALSE(fs::exists(folder_ / "faultline-out"));
  EXPECT_EQ(predict({"none.conf"}), 65);
  EXPECT_TRUE(err_.contains("none.conf")) << err_;
  EXPECT_EQ(predict({"."}), 65) << "a folder";
  EXPECT_EQ(predict({"-", "-"}), 64);
  EXPECT_EQ(predict({"--only", "connect,kepalive"}), 64);
  EXPECT_TRUE(err_.contains("did you mean 'keepalive'?")) << err_;
  EXPECT_EQ(predict({"--kernel", "uml-6.99"}), 64);
  EXPECT_EQ(predict({"--kernel", "./nothing"}), 64);
  EXPECT_TRUE(err_.contains("there is no kernel ./nothing")) << err_;
  EXPECT_EQ(predict({"--kernel", "uml-6.1", "--kernel", "uml-6.1@250"}), 64);
  EXPECT_TRUE(err_.contains("named twice")) << err_;
  EXPECT_EQ(predict({"--report", "pdf"}), 64);
  EXPECT_TRUE(err_.contains("there are text, json, markdown, html")) << err_;
}

TEST_F(Tune, SolvesAndSaysWhatToChange) {
  EXPECT_EQ(predict({"--solve", "connect <= 10s", "dead-peer <= 60s"}), 0) << err_;
  EXPECT_TRUE(
      out_.contains("To be changed\n  net.ipv4.tcp_syn_retries = 2\n  net.ipv4.tcp_retries2 = 7\n"))
      << out_;
  EXPECT_TRUE(out_.contains("ok      dead-peer <= 60s holds")) << out_;
  EXPECT_EQ(predict({"--solve", "connect <= 5s", "connect >= 9s"}), 64);
  EXPECT_TRUE(err_.contains("contradict each other")) << err_;
  write("a.conf", "");
  EXPECT_EQ(predict({"--solve", "connect <= 9s", "a.conf"}), 64);
  EXPECT_TRUE(err_.contains("files stand before --solve")) << err_;
  EXPECT_EQ(predict({"--solve", "connect <= 1s"}), 1);
  EXPECT_TRUE(err_.contains("--solve: 'connect <= 1s' cannot be met; the nearest is")) << err_;
}

TEST_F(Tune, ReportsInEveryFormat) {
  write("a.conf", "net.ipv4.tcp_retries2 = 5\nvm.swappiness = 1\n");
  EXPECT_EQ(predict({"a.conf", "--report", "json=a.json", "--report", "html=a.html", "--report",
                     "markdown"}),
            0)
      << err_;
  EXPECT_TRUE(out_.starts_with("### TCP timers: a.conf")) << out_;
  EXPECT_EQ(report("a.json")["behaviours"][0]["name"], "dead-peer");
  EXPECT_TRUE(fs::exists(folder_ / "a.html"));
}

class TuneMeasured : public Tune {
 protected:
  void SetUp() override {
    Tune::SetUp();
    if (faultline({"kernel", "path", "uml-6.12"}) != 0) GTEST_SKIP() << "uml-6.12 is not built";
  }
};

TEST_F(TuneMeasured, TenSettingsAreAsPredicted) {
  write("mesh.conf",
        "net.ipv4.tcp_syn_retries = 3\nnet.ipv4.tcp_syn_linear_timeouts = 1\n"
        "net.ipv4.tcp_synack_retries = 2\nnet.ipv4.tcp_retries2 = 6\n"
        "net.ipv4.tcp_orphan_retries = 3\nnet.ipv4.tcp_fin_timeout = 70\n"
        "net.ipv4.tcp_keepalive_time = 20000\nnet.ipv4.tcp_keepalive_intvl = 30\n"
        "net.ipv4.tcp_keepalive_probes = 4\nnet.ipv4.tcp_rto_min_us = 100000\n");
  EXPECT_EQ(tune({"mesh.conf", "--kernel", "uml-6.12", "--report", "json=a.json"}), 0)
      << out_ << err_;
  const json report = this->report("a.json");
  EXPECT_TRUE(report["measured"]);
  EXPECT_GE(report["behaviours"].size(), 9);
  for (const json& behaviour : report["behaviours"]) {
    const json& cell = behaviour["on"][0];
    EXPECT_EQ(cell["verdict"], "as predicted") << behaviour;
    const auto measured = cell["measured_ns"].get<int64_t>();
    EXPECT_GE(measured, cell["within_ns"][0].get<int64_t>()) << behaviour;
    EXPECT_LE(measured, cell["within_ns"][1].get<int64_t>()) << behaviour;
    EXPECT_TRUE(fs::exists(folder_ / cell["trace"].get<std::string>())) << behaviour;
  }
}

TEST_F(TuneMeasured, AColumnForEachKernel) {
  if (faultline({"kernel", "path", "uml-6.1"}) != 0) GTEST_SKIP() << "uml-6.1 is not built";
  write("a.conf", "net.ipv4.tcp_syn_retries = 2\n");
  EXPECT_EQ(tune({"a.conf", "--kernel", "uml-6.12", "--kernel", "uml-6.1", "--only", "connect",
                  "--report", "json=a.json"}),
            0)
      << out_ << err_;
  const json report = this->report("a.json");
  EXPECT_EQ(report["kernels"][1]["version"], "6.1");
  const json& cells = report["behaviours"][0]["on"];
  EXPECT_EQ(cells[0]["verdict"], "as predicted");
  EXPECT_EQ(cells[1]["verdict"], "as predicted");
  EXPECT_NE(cells[0]["trace"], cells[1]["trace"]);
}

}  // namespace
}  // namespace faultline::test
