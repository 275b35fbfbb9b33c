// The inside of DriverProcess: the pipes between a child and its session.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "harness/drive/driver.hpp"
#include "harness/drive/lines.hpp"
#include "harness/drive/session.hpp"
#include "harness/drive/spawn.hpp"
#include "harness/drive/stderr_tail.hpp"

namespace faultline {

// What is under way in the loop keeps it alive, so that it can outlive its DriverProcess; after
// abandon() it does nothing any more.
class DriverProcess::Child : public std::enable_shared_from_this<Child> {
 public:
  Child(boost::asio::io_context& context, const std::string& path, drive::ChildProcess process,
        drive::ChildPipes pipes, DriverCallbacks callbacks);

  void begin(Nanos ready_within);
  void call(nlohmann::json request, OnReply on_reply, OnStarted on_started);
  void kill();
  // Kills, reaps, closes, and makes no callback again.
  void abandon() noexcept;

  [[nodiscard]] bool alive() const { return !status_ && !ended_; }
  [[nodiscard]] int pid() const { return pid_; }

 private:
  void read_out();
  void read_err();
  void take(std::string_view bytes);
  void write_next();
  // Soon the process must be gone, or it is given up.
  void expect_end(const char* why_otherwise);
  void exited(int status);
  void give_up(std::string why);
  void report_end_when_drained();
  void report_end();
  void lose(OnReply on_reply, std::string why);

  boost::asio::io_context& context_;
  std::string name_;
  drive::Session session_;
  std::optional<drive::ChildProcess> process_;
  int pid_;
  boost::asio::writable_pipe in_;
  boost::asio::readable_pipe out_, err_;
  boost::asio::steady_timer timer_;  // for the hello, later for the end
  protocol::LineSplitter lines_;
  drive::StderrTail stderr_;
  std::array<char, 16384> out_buffer_{};
  std::array<char, 4096> err_buffer_{};
  std::deque<std::string> unwritten_;
  size_t unwritten_bytes_ = 0;
  std::optional<int> status_;
  std::string given_up_;  // why, as a clause
  bool asked_ = false, out_ended_ = false, err_ended_ = false, ended_ = false, abandoned_ = false;
};

}  // namespace faultline
