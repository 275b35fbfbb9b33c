#include "harness/run/worker_process.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

namespace faultline {
namespace {
constexpr size_t most_complaint = 4096;
constexpr size_t most_said = 4096;  // "ready EPOCH" is all that it has to say
constexpr int stuck = 124;
}  // namespace

// Kept alive by what is under way in the loop; silent after `abandoned`.
struct WorkerProcess::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& context, OnReady ready, OnEnd end)
      : in(context),
        out(context),
        err(context),
        timer(context),
        on_ready(std::move(ready)),
        on_end(std::move(end)) {}

  void begin(drive::ChildProcess child, drive::ChildPipes pipes, std::string job_text,
             Nanos longest);
  void read_out();
  void read_err();
  void maybe_end();

  std::optional<drive::ChildProcess> process;
  boost::asio::writable_pipe in;
  boost::asio::readable_pipe out, err;
  boost::asio::steady_timer timer;
  OnReady on_ready;
  OnEnd on_end;
  std::string text;
  std::string said;
  WorkerEnd result;
  std::array<char, 256> out_buffer{};
  std::array<char, 4096> err_buffer{};
  std::optional<int> status;
  bool out_ended = false, err_ended = false, timed_out = false, abandoned = false;
};

void WorkerProcess::State::begin(drive::ChildProcess child, drive::ChildPipes pipes,
                                 std::string job_text, Nanos longest) {
  process.emplace(std::move(child));
  in.assign(pipes.in.release());
  out.assign(pipes.out.release());
  err.assign(pipes.err.release());
  text = std::move(job_text);
  boost::asio::async_write(in, boost::asio::buffer(text),
                           [self = shared_from_this()](auto, size_t) { self->in.close(); });
  read_out();
  read_err();
  process->wait([self = shared_from_this()](int how) {
    self->status = how;
    self->timer.cancel();
    self->maybe_end();
  });
  timer.expires_after(longest);
  timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || self->abandoned) return;
    self->timed_out = true;
    self->process->kill();
  });
}

void WorkerProcess::State::read_out() {
  out.async_read_some(
      boost::asio::buffer(out_buffer), [self = shared_from_this()](const auto& error, size_t size) {
        if (self->abandoned) return;
        if (error) {
          self->out_ended = true;
          return self->maybe_end();
        }
        self->said.append(self->out_buffer.data(), size);
        const std::string_view ready = "ready ";
        if (!self->result.epoch && self->said.starts_with(ready) && self->said.ends_with('\n')) {
          Nanos::rep epoch = 0;
          std::from_chars(self->said.data() + ready.size(), self->said.data() + self->said.size(),
                          epoch);
          self->result.epoch = Nanos(epoch);
          self->on_ready();
        }
        if (self->said.size() > most_said) self->said.clear();
        self->read_out();
      });
}

void WorkerProcess::State::read_err() {
  err.async_read_some(boost::asio::buffer(err_buffer),
                      [self = shared_from_this()](const auto& error, size_t size) {
                        if (self->abandoned) return;
                        if (error) {
                          self->err_ended = true;
                          return self->maybe_end();
                        }
                        std::string& words = self->result.complaint;
                        words.append(self->err_buffer.data(), size);
                        if (words.size() > most_complaint)
                          words.erase(0, words.size() - most_complaint);
                        self->read_err();
                      });
}

void WorkerProcess::State::maybe_end() {
  if (abandoned || !status || !out_ended || !err_ended) return;
  abandoned = true;
  result.exit_code = timed_out              ? stuck
                     : WIFSIGNALED(*status) ? 128 + WTERMSIG(*status)
                                            : WEXITSTATUS(*status);
  while (result.complaint.ends_with('\n')) result.complaint.pop_back();
  on_end(std::move(result));
}

WorkerProcess::WorkerProcess(boost::asio::io_context& context, const std::string& program,
                             const Job& job, Nanos longest, OnReady on_ready, OnEnd on_end)
    : state_(std::make_shared<State>(context, std::move(on_ready), std::move(on_end))) {
  drive::ChildPipes pipes;
  const DriverCommand command{.argv = {program, "worker", std::to_string(getpid())}};
  auto child = drive::ChildProcess::start(context.get_executor(), command, pipes);
  if (child) {
    state_->begin(std::move(*child), std::move(pipes), to_json(job), longest);
    return;
  }
  boost::asio::post(context, [state = state_, why = child.error().what] {
    if (std::exchange(state->abandoned, true)) return;
    state->result.complaint = why;
    state->on_end(std::move(state->result));
  });
}

WorkerProcess::~WorkerProcess() {
  state_->abandoned = true;
  state_->timer.cancel();
  state_->in.close();
  state_->out.close();
  state_->err.close();
  state_->process.reset();
}

}  // namespace faultline
