// What is written while cases run: on a terminal, and elsewhere.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

class OnTerminal : public Installation {
 protected:
  [[nodiscard]] std::string written(std::map<std::string, std::string> env, bool terminal = true) {
    env.emplace("TERM", "xterm");
    const Ran ran = faultline({"run", "literal", "--ipv4"}, {.env = env, .terminal = terminal});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    return ran.out;
  }
};

TEST_F(OnTerminal, OneStatusLineIsRewrittenAndLeavesNothing) {
  const std::string out = written({});
  EXPECT_TRUE(has(out, "\r\x1b[K[0/1] literal[ipv4]")) << out;
  EXPECT_TRUE(has(out, "left")) << out;
  // Every status line is taken away before anything else comes.
  const size_t last = out.rfind("[0/1]");
  EXPECT_EQ(out.find('\n', last), out.find('\n', out.find("\r\x1b[K", last))) << out;
  EXPECT_TRUE(has(out, "\x1b[32mPASS\x1b[0m")) << out;
}

TEST_F(OnTerminal, NoColorIsHonoured) {
  const std::string out = written({{"NO_COLOR", "1"}});
  EXPECT_TRUE(has(out, "\r\x1b[K[0/1]")) << out;
  EXPECT_FALSE(has(out, "\x1b[3")) << out;
  EXPECT_FALSE(has(out, "\x1b[0m")) << out;
}

TEST_F(OnTerminal, ADumbTerminalGetsPlainLines) {
  EXPECT_FALSE(has(written({{"TERM", "dumb"}}), "\x1b"));
}

TEST_F(OnTerminal, ElsewhereLinesArePlain) {
  const std::string out = written({}, false);
  EXPECT_FALSE(has(out, "\x1b")) << out;
  EXPECT_FALSE(has(out, "\r")) << out;
  EXPECT_TRUE(out.starts_with("PASS  literal[ipv4]")) << out;
}

}  // namespace
}  // namespace faultline::test
