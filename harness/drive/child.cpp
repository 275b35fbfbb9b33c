#include "harness/drive/child.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "harness/util/clock.hpp"

namespace faultline {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// What a driver that does not read may leave unread, in bytes.
constexpr size_t most_unread = 1 << 20;
// For what an ended driver said last (a child of its own may keep the pipe open for longer), and
// for a driver that closed a pipe to end.
constexpr Nanos last_words_within = 200ms;

}  // namespace

DriverProcess::Child::Child(asio::io_context& context, const std::string& path,
                            drive::ChildProcess process, drive::ChildPipes pipes,
                            DriverCallbacks callbacks)
    : context_(context),
      name_(path.substr(path.rfind('/') + 1)),
      session_(std::move(callbacks)),
      process_(std::move(process)),
      pid_(process_->pid()),
      in_(context, pipes.in.release()),
      out_(context, pipes.out.release()),
      err_(context, pipes.err.release()),
      timer_(context) {}

void DriverProcess::Child::begin(Nanos ready_within) {
  read_out();
  read_err();
  process_->wait([self = shared_from_this()](int status) { self->exited(status); });
  timer_.expires_after(ready_within);
  timer_.async_wait([self = shared_from_this(), ready_within](error_code error) {
    if (error || self->abandoned_ || self->session_.ready()) return;
    self->give_up("said no hello within " + format_duration(ready_within));
  });
}

void DriverProcess::Child::call(nlohmann::json request, OnReply on_reply, OnStarted on_started) {
  if (ended_) return lose(std::move(on_reply), name_ + " has ended");
  Result<std::string> line =
      session_.open(std::move(request), on_reply, std::move(on_started), monotonic_now());
  if (!line) return lose(std::move(on_reply), line.error().what);
  unwritten_bytes_ += line->size();
  if (unwritten_bytes_ > most_unread) return give_up("does not read its requests");
  unwritten_.push_back(std::move(*line));
  if (unwritten_.size() == 1) write_next();
}

void DriverProcess::Child::lose(OnReply on_reply, std::string why) {
  const Nanos now = monotonic_now();
  asio::post(context_, [self = shared_from_this(), on_reply = std::move(on_reply),
                        reply = Reply{.lost = std::move(why), .began = now, .ended = now}] {
    if (!self->abandoned_ && on_reply) on_reply(reply);
  });
}

void DriverProcess::Child::write_next() {
  asio::async_write(in_, asio::buffer(unwritten_.front()),
                    [self = shared_from_this()](error_code error, size_t) {
                      if (self->abandoned_) return;
                      if (error) return self->expect_end("closed its input");
                      self->unwritten_bytes_ -= self->unwritten_.front().size();
                      self->unwritten_.pop_front();
                      if (!self->unwritten_.empty()) self->write_next();
                    });
}

void DriverProcess::Child::read_out() {
  out_.async_read_some(
      asio::buffer(out_buffer_), [self = shared_from_this()](error_code error, size_t got) {
        if (self->abandoned_) return;
        self->take({self->out_buffer_.data(), got});
        if (self->abandoned_) return;
        if (!error) return self->read_out();
        self->out_ended_ = true;
        self->status_ ? self->report_end_when_drained() : self->expect_end("closed its output");
      });
}

void DriverProcess::Child::take(std::string_view bytes) {
  const Nanos now = monotonic_now();
  lines_.feed(bytes, [&](std::string_view line, bool too_long) {
    if (!given_up_.empty() || ended_) return false;
    const Result<void> taken = too_long ? fail("said a line longer than {} bytes: '{}'",
                                               protocol::max_line, protocol::excerpt(line))
                                        : session_.take(line, now);
    if (!taken && !abandoned_) give_up(taken.error().what);
    return !abandoned_;
  });
}

void DriverProcess::Child::read_err() {
  err_.async_read_some(asio::buffer(err_buffer_),
                       [self = shared_from_this()](error_code error, size_t got) {
                         if (self->abandoned_) return;
                         self->stderr_.feed({self->err_buffer_.data(), got});
                         if (!error) return self->read_err();
                         self->err_ended_ = true;
                         if (self->status_) self->report_end_when_drained();
                       });
}

void DriverProcess::Child::expect_end(const char* why_otherwise) {
  if (status_) return;
  timer_.expires_after(last_words_within);
  timer_.async_wait([self = shared_from_this(), why_otherwise](error_code error) {
    if (!error && !self->abandoned_ && !self->status_) self->give_up(why_otherwise);
  });
}

void DriverProcess::Child::exited(int status) {
  if (abandoned_) return;
  status_ = status;
  timer_.expires_after(last_words_within);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->report_end();
  });
  report_end_when_drained();
}

void DriverProcess::Child::give_up(std::string why) {
  if (!given_up_.empty() || asked_) return;
  given_up_ = std::move(why);
  process_->kill();
}

void DriverProcess::Child::kill() {
  if (!alive()) return;
  asked_ = asked_ || given_up_.empty();
  process_->kill();
}

void DriverProcess::Child::report_end_when_drained() {
  if (out_ended_ && err_ended_) report_end();
}

void DriverProcess::Child::report_end() {
  if (ended_ || abandoned_) return;
  ended_ = true;
  timer_.cancel();
  const bool exited_as_asked = session_.asked_to_exit() && *status_ == 0 && given_up_.empty();
  const std::string how = given_up_.empty() ? drive::describe_status(*status_) : given_up_;
  session_.end({.asked = asked_ || exited_as_asked,
                .reason = name_ + " " + how,
                .stderr_lines = stderr_.lines()},
               monotonic_now());
}

void DriverProcess::Child::abandon() noexcept {
  abandoned_ = true;
  session_.forget();
  process_.reset();
  error_code ignored;
  in_.close(ignored);
  out_.close(ignored);
  err_.close(ignored);
  try {
    timer_.cancel();
  } catch (const boost::system::system_error&) {
    // It then fires, and finds that it has been abandoned.
  }
}

}  // namespace faultline
