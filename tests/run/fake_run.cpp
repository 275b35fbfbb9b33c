#include "tests/run/fake_run.hpp"

#include <fmt/format.h>

#include "harness/case/reader.hpp"
#include "harness/run/rules.hpp"

namespace faultline::test {
namespace {

Case case_of(const std::string& body) {
  const std::string head =
      "title = \"A case\"\nabout = \"client\"\nlevel = \"must\"\nspec = [\"RFC 9293 3.5\"]\n";
  const std::string expect = "\n[expect]\nnever = [{ has = \"URG\" }]\n";
  auto read = read_case(head + body + expect, "x.toml", "topic/x", known_faults());
  if (read) return std::move(*read);
  ADD_FAILURE() << to_string(read.error());
  return {};
}

}  // namespace

class FakeRun::Driver final : public DriverPort {
 public:
  Driver(FakeRun& run, End end) : run_(run), end_(end) {}
  void call(nlohmann::json request, OnReply on_reply, OnStarted on_started) override {
    run_.calls.push_back({end_, std::move(request), std::move(on_reply), std::move(on_started)});
  }
  void kill() override { ++run_.kills[index(end_)]; }
  [[nodiscard]] bool alive() const override { return run_.kills[index(end_)] == 0; }

 private:
  FakeRun& run_;
  End end_;
};

FakeRun::FakeRun(const std::string& body, uint64_t seed, Family family)
    : case_(case_of(body)),
      drivers_{std::make_unique<Driver>(*this, End::client),
               std::make_unique<Driver>(*this, End::server)},
      script(case_,
             {.family = family,
              .seed = seed,
              .patience = [this](const CallStep&) { return patience; }},
             *this) {
  script.start();
  pass_a_moment();
  if (body.find("listen") != std::string::npos) return;
  answer(0);
  calls.erase(calls.begin());
  events.clear();
}

MadeCall& FakeRun::call(size_t index) {
  return index == SIZE_MAX ? calls.at(calls.size() - 1) : calls.at(index);
}

void FakeRun::reply(size_t index, const Reply& reply) {
  // Moved away first: what it does may make further calls.
  const auto on_reply = std::move(calls.at(index).reply);
  on_reply(reply);
  pass_a_moment();
}

void FakeRun::answer(size_t index, nlohmann::json result) {
  reply(index,
        {.result = std::move(result), .began = epoch() + now_, .ended = epoch() + now_ + 1us});
}
void FakeRun::fail_with(size_t index, const std::string& error, const std::string& message) {
  reply(index, {.error = error, .message = message, .began = epoch() + now_, .ended = epoch() + now_ + 1us});
}
void FakeRun::unsupported(size_t index, const std::string& why) {
  reply(index, {.unsupported = why});
}
void FakeRun::lose(size_t index) {
  reply(index, {.lost = "it died"});
}

void FakeRun::pass(Nanos time) {
  const Nanos until = now_ + time;
  while (wake_ && *wake_ <= until) {
    now_ = std::max(now_, *wake_);
    wake_.reset();
    script.on_wake();
  }
  now_ = until;
}

void FakeRun::segment(End from, const std::string& flags) {
  SegmentEvent event;
  event.time = now_;
  event.segment.flags = *flags_from_string(flags);
  event.facts.from = from;
  event.facts.connection = "main";
  record(event);
  pass_a_moment();
}

void FakeRun::set_state(End end, TcpState state, const std::string& connection) {
  states_[{end, connection}] = state;
  record(StateEvent{now_, now_, end, connection, state});
  pass_a_moment();
}

std::vector<std::string> FakeRun::made() const {
  std::vector<std::string> names;
  for (const MadeCall& made : calls)
    names.push_back(
        fmt::format("{} {}", to_string(made.end), made.request.at("call").get<std::string>()));
  return names;
}

void FakeRun::expect_connect(End end, const std::string& connection) {
  log.push_back(fmt::format("expect {} {}", to_string(end), connection));
}
void FakeRun::connect_over(End end, const std::string& connection) {
  log.push_back(fmt::format("over {} {}", to_string(end), connection));
}

Result<void> FakeRun::inject(const FaultStep& step) {
  log.push_back(fmt::format("{} on {}", step.fault, step.connection));
  if (!cannot_inject.empty()) return fail("{}", cannot_inject);
  return {};
}

std::optional<TcpState> FakeRun::state(const ConnectionEnd& end) const {
  const auto found = states_.find(end);
  if (found == states_.end()) return {};
  return found->second;
}

void FakeRun::record(Event event) {
  events.push_back(event);
  script.on_event(event);
}

}  // namespace faultline::test
