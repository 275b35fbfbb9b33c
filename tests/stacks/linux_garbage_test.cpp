// Whatever comes in, the driver answers and goes on.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "harness/drive/protocol.hpp"
#include "tests/stacks/linux_driver.hpp"

namespace faultline {
namespace {

using nlohmann::json;

class Garbage : public LinuxDriverTest {
 protected:
  void expect_still_sane() {
    EXPECT_TRUE(
        call({{"call", "socket"}, {"socket", "sane"}, {"family", "ipv4"}}).contains("result"));
    EXPECT_TRUE(call({{"call", "close"}, {"socket", "sane"}}).contains("result"));
  }
};

TEST_F(Garbage, LinesThatAreNoRequestGetAnErrorEvent) {
  for (const std::string& line :
       {std::string("hello?"), std::string("[1,2]"), std::string("null"), std::string("{\"id\":"),
        std::string("{}"), std::string(R"({"id":-1,"call":"exit"})"),
        std::string(R"({"id":"1","call":"exit"})"), std::string(R"({"id":1e3,"call":"exit"})"),
        std::string(R"({"id":18446744073709551615,"call":"exit"})"),
        std::string("\xff\xfe\0\x01", 4), std::string(60000, '[')}) {
    write(line + "\n");
    const json said = next();
    EXPECT_EQ(said["event"], "error") << line;
    EXPECT_LT(said["message"].get<std::string>().size(), 200U);
  }
  expect_still_sane();
}

TEST_F(Garbage, EmptyLinesAreNothing) {
  write("\n\n\n");
  EXPECT_TRUE(is_silent());
  expect_still_sane();
}

TEST_F(Garbage, AnOverLongLineGetsOneErrorEvent) {
  const std::string part(protocol::max_line / 2, 'x');
  for (int i = 0; i < 10; ++i) write(part);
  EXPECT_EQ(next()["event"], "error");
  write("\n");
  EXPECT_TRUE(is_silent());
  expect_still_sane();
}

TEST_F(Garbage, HalfALineIsWaitedFor) {
  write(R"({"id":99,"ca)");
  EXPECT_TRUE(is_silent());
  write("ll\":\"fly\"}\n");
  EXPECT_EQ(reply_to(99)["unsupported"], "call fly");
}

TEST_F(Garbage, RequestsWithBadParametersAreRefused) {
  connect_pair("ipv4");
  const json bad[]{
      {{"socket", "x"}},
      {{"call", 5}},
      {{"call", "close"}},
      {{"call", "close"}, {"socket", ""}},
      {{"call", "close"}, {"socket", std::string(65, 'x')}},
      {{"call", "close"}, {"socket", json::array()}},
      {{"call", "socket"}, {"socket", "x"}},
      {{"call", "socket"}, {"socket", "x"}, {"family", "ipx"}},
      {{"call", "connect"}, {"socket", "x"}, {"address", "127.0.0.1"}},
      {{"call", "connect"}, {"socket", "x"}, {"address", "127.0.0.1"}, {"port", 65536}},
      {{"call", "connect"}, {"socket", "x"}, {"address", "localhost"}, {"port", 1}},
      {{"call", "connect"}, {"socket", "x"}, {"address", "::1"}, {"port", 1}, {"family", "ipv4"}},
      {{"call", "connect"}, {"socket", "x"}, {"family", "ipv4"}, {"port", 1}},
      {{"call", "connect"}, {"socket", "x"}, {"address", "::1"}, {"port", 1}, {"options", 5}},
      {{"call", "connect"},
       {"socket", "x"},
       {"address", "::1"},
       {"port", 1},
       {"options", {{"TCP_NODELAY", "yes"}}}},
      {{"call", "connect"},
       {"socket", "x"},
       {"address", "::1"},
       {"port", 1},
       {"options", {{"TCP_NODELAY", UINT64_MAX}}}},
      {{"call", "connect"},
       {"socket", "x"},
       {"address", "::1"},
       {"port", 1},
       {"local_address", "127.0.0.1"}},
      {{"call", "listen"}, {"socket", "x"}, {"address", "::1"}, {"backlog", -1}},
      {{"call", "send"}, {"socket", "main"}, {"seed", 1}},
      {{"call", "send"}, {"socket", "main"}, {"bytes", -1}, {"seed", 1}},
      {{"call", "send"}, {"socket", "main"}, {"bytes", 1}},
      {{"call", "send"}, {"socket", "main"}, {"bytes", 1}, {"seed", -1}},
      {{"call", "recv"}, {"socket", "peer"}, {"bytes", UINT64_MAX}, {"seed", 1}},
      {{"call", "recv"}, {"socket", "peer"}, {"bytes", 1}, {"seed", 1}, {"offset", -1}},
      {{"call", "setsockopt"}, {"socket", "main"}, {"option", "TCP_NODELAY"}},
      {{"call", "setsockopt"}, {"socket", "main"}, {"option", "TCP_NODELAY"}, {"value", 1LL << 40}},
      {{"call", "getsockopt"}, {"socket", "main"}, {"option", "TCP_NODELAY"}, {"field", "x"}},
  };
  for (const json& request : bad) {
    const json reply = call(request);
    EXPECT_EQ(reply["error"], "EINVAL") << request << reply;
    EXPECT_NE(reply["message"], "");
    EXPECT_FALSE(call({{"call", "close"}, {"socket", "x"}}).contains("result")) << request;
  }
  expect_still_sane();
}

TEST_F(Garbage, UnknownNamesAreUnsupported) {
  connect_pair("ipv4");
  EXPECT_EQ(call({{"call", "fly"}})["unsupported"], "call fly");
  EXPECT_EQ(call({{"call", "setsockopt"},
                  {"socket", "main"},
                  {"option", "X"},
                  {"value", 1}})["unsupported"],
            "option X");
  EXPECT_EQ(call({{"call", "getsockopt"}, {"socket", "main"}, {"option", "X"}})["unsupported"],
            "option X");
}

TEST_F(Garbage, EveryCallOnAnUnknownSocketIsEbadf) {
  const json common{{"socket", "nobody"}, {"seed", 1},        {"bytes", 1},
                    {"how", "both"},      {"from", "nobody"}, {"option", "TCP_NODELAY"},
                    {"value", 1}};
  for (const char* name :
       {"accept", "send", "recv", "shutdown", "close", "abort", "setsockopt", "getsockopt"}) {
    json request = common;
    request["call"] = name;
    EXPECT_EQ(call(request)["error"], "EBADF") << name;
  }
}

TEST_F(Garbage, NumbersAndTextNobodyExpectsAreEchoedSafely) {
  EXPECT_EQ(call({{"call", "close"}, {"socket", "a\n\"b\u00e9"}})["error"], "EBADF");
  expect_still_sane();
}

TEST_F(Garbage, TheEndOfItsInputEndsIt) {
  connect_pair("ipv4");
  wait_started(send({{"call", "recv"}, {"socket", "main"}, {"seed", 1}}));
  write(R"({"id":5,"call":"exi)");
  EXPECT_EQ(hang_up(), 0);
}

// The program: its input's end is its own end, and it is small.
TEST(Program, IsSmallAndEndsWithItsInput) {
  int in[2], out[2];
  ASSERT_EQ(::pipe(in), 0);
  ASSERT_EQ(::pipe(out), 0);
  const std::string path = std::string(FAULTLINE_BINARY_DIR) + "/faultline-driver-linux";
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    for (const int fd : {in[0], in[1], out[0], out[1]}) ::close(fd);
    ::execl(path.c_str(), path.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  char hello[1024];
  EXPECT_GT(::read(out[0], hello, sizeof hello), 0);
#ifndef __SANITIZE_ADDRESS__
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::stringstream text;
  text << rollup.rdbuf();
  const size_t pss = text.str().find("Pss:");
  ASSERT_NE(pss, std::string::npos);
  EXPECT_LT(std::stoi(text.str().substr(pss + 4)), 3072) << text.str();
#endif
  ::close(in[1]);
  int status = -1;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
  ::close(out[0]);
}

}  // namespace
}  // namespace faultline
