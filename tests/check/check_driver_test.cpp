// The checks on the Linux driver, and on the Linux driver with a liar between it and them: each lie
// is found, where it belongs.
#include "harness/check/check_driver.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "harness/world/isolation.hpp"
#include "stacks/linux/driver.hpp"

namespace faultline::check {
namespace {

// What the driver says, or what it is asked, as somebody else tells it; nothing: not at all.
using Lie = std::function<std::optional<std::string>(json)>;

struct Lies {
  Lie of_requests = [](json line) { return std::optional(line.dump()); };
  Lie of_replies = of_requests;
};

// Passes lines on until there are no more, each as the lie has it; what is no object as it is.
void pass_on(int from, int to, const Lie& lie) {
  std::string unread;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(from, buffer, sizeof buffer)) > 0;) {
    unread.append(buffer, static_cast<size_t>(got));
    for (size_t end = 0; (end = unread.find('\n')) != unread.npos; unread.erase(0, end + 1)) {
      const std::string line = unread.substr(0, end);
      const json object = json::parse(line, nullptr, false);
      const auto told = object.is_object() ? lie(object) : std::optional(line);
      if (told && write(to, (*told + "\n").data(), told->size() + 1) < 0) return;
    }
  }
  if (!unread.empty()) (void)!write(to, unread.data(), unread.size());
}

// A process: the Linux driver in a fork of its own, with the liar at both of its pipes.
int lie_between(const Lies& lies, int in, int out) {
  int requests[2], replies[2];
  if (pipe(requests) < 0 || pipe(replies) < 0) return 9;
  if (fork() == 0) {
    close(requests[1]);
    close(replies[0]);
    _exit(run_linux_driver(requests[0], replies[1]));
  }
  close(requests[0]);
  close(replies[1]);
  std::jthread asking([&] {
    pass_on(in, requests[1], lies.of_requests);
    close(requests[1]);
  });
  pass_on(replies[0], out, lies.of_replies);
  asking.detach();  // it may wait for a request that never comes
  return 0;
}

class CheckDriver : public testing::Test {
 protected:
  // The lines of all that was not as it should be, from a namespace of its own; "77" where there is
  // no privilege for one.
  static std::string complaints(const DriverCommand& driver, Nanos patience = usual_patience,
                                Subject subject = {
                                    .argv = {}, .families = {"ipv4"}, .supports = {}}) {
    subject.argv = driver.argv;
    int lines[2];
    if (pipe(lines) < 0) return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
      close(lines[0]);
      const auto code =
          run_isolated([&] { return check_into(lines[1], driver, subject, patience); });
      _exit(code ? *code : 77);
    }
    close(lines[1]);
    std::string all;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(lines[0], buffer, sizeof buffer)) > 0;)
      all.append(buffer, static_cast<size_t>(got));
    close(lines[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 77 ? "77" : all;
  }

  static int check_into(int fd, const DriverCommand& driver, const Subject& subject,
                        Nanos patience) {
    if (!bring_loopback_up()) return 70;
    const auto stage = [&]() -> Result<Stage> {
      auto made = build_stage(subject);
      if (made) made->driver = [&] { return driver; };
      return made;
    };
    Findings findings([fd](const Finding& finding) {
      if (finding.verdict == Verdict::ok) return;
      const std::string line = to_string(finding) + "\n";
      (void)!write(fd, line.data(), line.size());
    });
    check_driver(subject, stage, findings, patience);
    return findings.clean() ? 0 : 1;
  }

  static std::string complaints(const Lies& lies, Nanos patience) {
    return complaints(
        DriverCommand{.argv = {"liar"},
                      .body = [&](int in, int out) { return lie_between(lies, in, out); }},
        patience);
  }

  // The lie is found under `topic`.
  static void expect_found(const Lies& lies, const std::string& what) {
    const std::string all = complaints(lies, 500ms);
    if (all == "77") GTEST_SKIP() << "no privilege to make a network namespace";
    EXPECT_NE(all.find(what), std::string::npos) << "wanted: " << what << "\n" << all;
  }
};

constexpr auto none = "unsupported  states [ipv4]: state: call state\n";

TEST_F(CheckDriver, TheLinuxDriverIsClean) {
  const std::string all = complaints(DriverCommand{.argv = {"linux"}, .body = run_linux_driver});
  if (all == "77") GTEST_SKIP() << "no privilege to make a network namespace";
  EXPECT_EQ(all, none);
}

// As a stack.toml that promises what the driver does not: runs would wait for it in vain.
TEST_F(CheckDriver, ItIsHeldToItsStackToml) {
  const Subject promised{
      .argv = {}, .families = {"ipv4"}, .supports = {}, .monotonic = false, .tells_states = true};
  const std::string all =
      complaints({.argv = {"linux"}, .body = run_linux_driver}, usual_patience, promised);
  if (all == "77") GTEST_SKIP() << "no privilege to make a network namespace";
  EXPECT_EQ(all, std::string("BROKEN       life: hello: clock: wanted \"own\", as stack.toml says, "
                             "got \"CLOCK_MONOTONIC\"\n"
                             "MISSING      life: hello: states: wanted \"events\" or \"query\", as "
                             "stack.toml says that the driver tells them, got none\n") +
                     none);
}

TEST_F(CheckDriver, SoItIsThroughAnHonestMan) {
  const std::string all = complaints(Lies{}, usual_patience);
  if (all == "77") GTEST_SKIP() << "no privilege to make a network namespace";
  EXPECT_EQ(all, none);
}

// Replies in which `key` has another value.
Lies with_result(const std::string& key, const json& value) {
  return {.of_replies = [=](json line) {
    if (line.contains("result") && line["result"].contains(key)) line["result"][key] = value;
    return std::optional(line.dump());
  }};
}

// Requests in which `key` has another value.
Lies with_request(const std::string& call, const std::string& key, const json& value) {
  return {.of_requests = [=](json line) {
    if (line.contains("call") && line["call"] == call) line[key] = value;
    return std::optional(line.dump());
  }};
}

// Replies with one error for another.
Lies with_error(const std::string& from, const std::string& to) {
  return {.of_replies = [=](json line) {
    if (line.contains("error") && line["error"] == from) line["error"] = to;
    return std::optional(line.dump());
  }};
}

// Without the events of this name.
Lies without_event(const std::string& name) {
  return {.of_replies = [=](const json& line) -> std::optional<std::string> {
    if (line.contains("event") && line["event"] == name) return {};
    return line.dump();
  }};
}

TEST_F(CheckDriver, NoHelloIsMissed) {
  const std::string all = complaints(without_event("hello"), 500ms);
  if (all == "77") GTEST_SKIP() << "no privilege to make a network namespace";
  EXPECT_EQ(all,
            "MISSING      life: the rest of it: wanted a driver that goes on, got no hello "
            "within 500ms\n");
}

TEST_F(CheckDriver, LiesAboutEventsAreFound) {
  expect_found(without_event("started"), "MISSING      waiting [ipv4]: ");
  expect_found(without_event("error"),
               "MISSING      lines: a line that is no JSON: wanted an error "
               "event, got none");
}

TEST_F(CheckDriver, LiesAboutTheStreamAreFound) {
  expect_found(with_request("send", "seed", 99),
               "BROKEN       stream [ipv4]: send: content: wanted the stream of its seed");
  expect_found(with_request("send", "offset", 0),
               "BROKEN       stream [ipv4]: send from an offset");
  expect_found(with_result("bytes", 7), "BROKEN       stream [ipv4]: send: bytes");
  expect_found(with_result("eof", true), "BROKEN       stream [ipv4]: recv: bytes, no end");
  expect_found(with_result("mismatch", 7), "BROKEN       stream [ipv4]: mismatch is the offset");
}

TEST_F(CheckDriver, LiesAboutAddressesAreFound) {
  expect_found(with_result("local_port", 7), "BROKEN       opening [ipv4]: listen tells where");
  expect_found(with_result("peer_address", "127.0.0.9"),
               "BROKEN       opening [ipv4]: accept tells whose connection it is");
  expect_found(with_request("connect", "local_port", 0),
               "BROKEN       opening [ipv4]: its peer sees these");
}

TEST_F(CheckDriver, OtherErrorsThanPromisedAreFound) {
  expect_found(with_error("EBADF", "EINVAL"), "BROKEN       parameters [ipv4]: close of nobody's");
  expect_found(with_error("EINVAL", "EIO"), "BROKEN       parameters [ipv4]: send without bytes");
  expect_found(with_error("EEXIST", "EIO"), "BROKEN       names: that is taken");
  expect_found(with_error("EBUSY", "EIO"), "BROKEN       waiting [ipv4]: a second accept");
  expect_found(with_error("EALREADY", "EIO"), "BROKEN       waiting [ipv4]: a second connect");
  expect_found(with_error("ECANCELED", "EIO"),
               "BROKEN       cut short [ipv4]: recv is cut short by close");
  expect_found(with_error("ECONNREFUSED", "EIO"), "BROKEN       opening [ipv4]: connect to a port");
}

TEST_F(CheckDriver, CallsThatDoSomethingElseAreFound) {
  expect_found(with_request("abort", "call", "close"),
               "BROKEN       closing [ipv4]: its peer sees a reset");
  expect_found(with_request("shutdown", "how", "both"),
               "BROKEN       closing [ipv4]: what comes is still received");
  expect_found(with_request("setsockopt", "value", 2), "as it was set: wanted");
  expect_found(with_request("bind", "family", "ipv4"),
               "BROKEN       families [ipv4]: neither family nor address");
}

TEST_F(CheckDriver, StampsOutsideOfTheCallAreFound) {
  const Lies early{.of_replies = [](json line) {
    if (line.contains("began")) line["began"] = 1;
    return std::optional(line.dump());
  }};
  expect_found(early, "answered fly with times outside of the call");
}

TEST_F(CheckDriver, ADriverThatIsNoProgramIsAnError) {
  const std::string all = complaints(DriverCommand{.argv = {"/no/such/driver"}});
  if (all == "77") GTEST_SKIP() << "no privilege to make a network namespace";
  EXPECT_NE(all.find("MISSING      life: the rest of it"), std::string::npos) << all;
}

}  // namespace
}  // namespace faultline::check
