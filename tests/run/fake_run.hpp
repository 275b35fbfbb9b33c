// A run without a kernel: what a script asks of the world around it is written down, and answered
// by the test.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "harness/run/script.hpp"

namespace faultline::test {

// A call that the script made of a driver.
struct MadeCall {
  End end;
  nlohmann::json request;
  DriverPort::OnReply reply;
  DriverPort::OnStarted started;
};

class FakeRun final : public ScriptHost {
 public:
  // `body` follows the head that every case has (title, about, …). Where it says nothing of
  // listening, the server's listener is up already: most tests are not about that.
  explicit FakeRun(const std::string& body, uint64_t seed = 1, Family family = Family::ipv4);

  // The calls made so far, and the newest of them.
  std::vector<MadeCall> calls;
  MadeCall& call(size_t index = SIZE_MAX);
  void answer(size_t index, nlohmann::json result = nlohmann::json::object());
  void fail_with(size_t index, const std::string& error, const std::string& message = "");
  void unsupported(size_t index, const std::string& why);
  void lose(size_t index);
  void say_started(size_t index) { calls.at(index).started(); }

  // Time passes; whatever the script wanted to be woken for happens on the way.
  void pass(Nanos time);
  void pass_a_moment() { pass(1us); }

  void segment(End from, const std::string& flags);
  void set_state(End end, TcpState state, const std::string& connection = "main");

  // The names of the calls: "client connect".
  [[nodiscard]] std::vector<std::string> made() const;
  template <typename T>
  [[nodiscard]] std::vector<T> recorded() const {
    std::vector<T> found;
    for (const Event& event : events)
      if (const auto* one = std::get_if<T>(&event)) found.push_back(*one);
    return found;
  }

  std::vector<Event> events;
  std::vector<std::string> log;  // of the wire: "unplug", "expect client main", …
  std::vector<int> steps_over;
  std::string cannot_inject;  // why `inject` fails, where it does
  int finishes = 0;
  int looks = 0;
  std::array<int, 2> kills{};
  Nanos patience = 30s;
  std::string connection_to_accept;

  // ScriptHost
  [[nodiscard]] Nanos now() const override { return now_; }
  [[nodiscard]] Nanos epoch() const override { return 1000s; }
  void wake_at(Nanos when) override { wake_ = when; }
  DriverPort& driver(End end) override { return *drivers_[index(end)]; }
  void link(bool up) override { log.emplace_back(up ? "plug" : "unplug"); }
  void step_over(int step) override { steps_over.push_back(step); }
  Result<void> inject(const FaultStep& step) override;
  void expect_connect(End end, const std::string& connection) override;
  void connect_over(End end, const std::string& connection) override;
  [[nodiscard]] std::string connection_between(End, const Endpoint&) override {
    return connection_to_accept;
  }
  [[nodiscard]] std::optional<TcpState> state(const ConnectionEnd& end) const override;
  void look() override { ++looks; }
  void record(Event event) override;
  void finished() override { ++finishes; }

 private:
  class Driver;
  void reply(size_t index, const Reply& reply);

  Case case_;
  Nanos now_{};
  std::optional<Nanos> wake_;
  std::array<std::unique_ptr<DriverPort>, 2> drivers_;
  std::map<ConnectionEnd, TcpState> states_;

 public:
  Script script;
};

}  // namespace faultline::test
