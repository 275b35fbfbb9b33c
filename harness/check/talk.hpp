// A conversation with one driver, byte by byte: unlike DriverProcess it can be as rude as a test
// has to be, and it keeps what it hears instead of giving the driver up.
#pragma once

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/drive/driver.hpp"
#include "harness/drive/lines.hpp"
#include "harness/drive/messages.hpp"
#include "harness/drive/spawn.hpp"
#include "harness/drive/stderr_tail.hpp"

namespace faultline::check {

// The driver has ended, or does not answer, read or stop talking: nothing more can be asked of it.
struct Gone {
  std::string why;  // a clause: "ended with status 3 (its last words: …)"
};

// Everything that waits does so for a bounded time and throws Gone after it.
class Talk {
 public:
  // Starts it. Error: it cannot be started. `command.netns_fd` is needed during this call only.
  [[nodiscard]] static Result<std::unique_ptr<Talk>> start(const DriverCommand& command,
                                                           Nanos patience);

  // Waits for the hello, which must be the first thing said.
  const DriverHello& hello();

  // Writes bytes as they are.
  void write(std::string_view bytes);
  // Writes a request, with an id of its own, which is returned.
  uint64_t send(nlohmann::json request);
  // Notes that a request with this id was written by hand.
  void expect(uint64_t id, const std::string& call);

  // Waits for the reply to a request.
  Reply answer(uint64_t id);
  Reply call(nlohmann::json request) { return answer(send(std::move(request))); }
  [[nodiscard]] bool answered(uint64_t id) const { return replies_.contains(id); }
  // Waits until the request has started or is answered; whether it was said to have started.
  bool waits(uint64_t id);

  // Waits until everything written before has been looked at: a request that is refused at once.
  void barrier();

  // No more input. It is never an error.
  void end_input() { pipes_.in.reset(); }
  // Waits for the end; how it was, "ended with status 0"; nothing: it goes on.
  std::optional<std::string> ended(Nanos within);

  // All that has been heard so far.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }
  [[nodiscard]] const std::vector<DriverState>& states() const { return states_; }
  // What broke the protocol wherever it was said: clauses about the driver.
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

 private:
  struct Open {
    std::string call;
    Nanos sent{};
  };
  explicit Talk(Nanos patience) : patience_(patience) {}

  // Reads what is there, waiting until `deadline` for the first of it. False: time is over.
  bool hear(Nanos deadline);
  bool read_from(Fd& fd, bool is_words);
  void take(std::string_view line, bool too_long);
  void act(const DriverHello& hello);
  void act(const drive::StartedMessage& started);
  void act(const drive::ComplaintMessage& complaint) { complaints_.push_back(complaint.message); }
  void act(const drive::StateMessage& state) { states_.push_back(state.what); }
  void act(const drive::OtherMessage&) {}
  void act(drive::ReplyMessage& message);
  // Waits until `holds`; `what` is missing otherwise.
  template <typename Holds>
  void wait_for(const std::string& what, Holds holds);
  [[noreturn]] void gone(const std::string& what);

  Nanos patience_;
  boost::asio::io_context context_{1};
  drive::ChildPipes pipes_;
  std::optional<drive::ChildProcess> process_;
  std::optional<int> status_;
  protocol::LineSplitter lines_;
  drive::StderrTail words_;
  std::optional<DriverHello> hello_;
  std::map<uint64_t, Open> open_;
  std::map<uint64_t, Reply> replies_;
  std::set<uint64_t> started_;
  std::vector<std::string> complaints_, faults_;
  std::vector<DriverState> states_;
  uint64_t next_id_ = 1000;  // lower ones are for requests written by hand
  size_t lines_heard_ = 0;
};

}  // namespace faultline::check
