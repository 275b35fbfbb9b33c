#include "harness/kernel/guest_process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>

#include "harness/drive/spawn.hpp"

namespace faultline {
namespace {

constexpr size_t most_console = 8192;
// How often the channel is read: often enough that judging goes on while guests run.
constexpr Nanos channel_interval = 10ms;

using boost::system::error_code;

}  // namespace

// Kept alive by what is under way in the loop; silent after `abandoned`.
struct GuestProcess::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& context, Nanos silence, Callbacks called)
      : out(context),
        err(context),
        poll(context),
        watchdog(context),
        longest_silence(silence),
        callbacks(std::move(called)) {}

  void begin(drive::ChildProcess child, drive::ChildPipes pipes, Fd channel_fd);
  void read_console(boost::asio::readable_pipe& pipe, std::array<char, 4096>& buffer);
  void poll_channel();
  void read_channel();
  void on_frame(Frame frame);
  void await_silence();
  void give_up(std::string why);
  void ended(int status);
  void finish();

  std::optional<drive::ChildProcess> process;
  boost::asio::readable_pipe out, err;
  boost::asio::steady_timer poll, watchdog;
  Nanos longest_silence;
  Callbacks callbacks;
  Fd channel;
  FrameReader frames;
  std::array<char, 4096> out_buffer{}, err_buffer{};
  GuestEnd end;
  std::optional<int> status;
  int open_pipes = 2;
  bool done = false, abandoned = false;
};

void GuestProcess::State::begin(drive::ChildProcess child, drive::ChildPipes pipes, Fd channel_fd) {
  process.emplace(std::move(child));
  channel = std::move(channel_fd);
  out.assign(pipes.out.release());
  err.assign(pipes.err.release());
  read_console(out, out_buffer);
  read_console(err, err_buffer);
  process->wait([self = shared_from_this()](int how) { self->ended(how); });
  poll_channel();
  await_silence();
}

void GuestProcess::State::read_console(boost::asio::readable_pipe& pipe,
                                       std::array<char, 4096>& buffer) {
  pipe.async_read_some(boost::asio::buffer(buffer), [self = shared_from_this(), &pipe, &buffer](
                                                        error_code error, size_t size) {
    if (self->abandoned) return;
    std::string& console = self->end.console;
    console.append(buffer.data(), size);
    if (console.size() > most_console) console.erase(0, console.size() - most_console);
    if (!error) return self->read_console(pipe, buffer);
    --self->open_pipes;
    self->finish();
  });
}

void GuestProcess::State::poll_channel() {
  poll.expires_after(channel_interval);
  poll.async_wait([self = shared_from_this()](error_code error) {
    if (error || self->abandoned) return;
    self->read_channel();
    if (!self->abandoned && !self->status) self->poll_channel();
  });
}

void GuestProcess::State::read_channel() {
  std::array<char, 65536> buffer;
  for (ssize_t size; !abandoned && (size = read(channel.get(), buffer.data(), buffer.size())) > 0;) {
    const auto fed = frames.feed({buffer.data(), static_cast<size_t>(size)},
                                 [this](Frame frame) { on_frame(std::move(frame)); });
    if (!fed) return give_up(fed.error().what);
  }
}

void GuestProcess::State::on_frame(Frame frame) {
  if (abandoned) return;
  if (frame.kind == Frame::Kind::done) done = true;
  await_silence();
  callbacks.on_frame(std::move(frame));
}

void GuestProcess::State::await_silence() {
  watchdog.expires_after(longest_silence);
  watchdog.async_wait([self = shared_from_this()](error_code error) {
    if (error || self->abandoned || self->status) return;
    self->give_up(fmt::format("nothing was heard from the guest for {}",
                              format_duration(self->longest_silence)));
  });
}

void GuestProcess::State::give_up(std::string why) {
  if (end.trouble.empty()) end.trouble = std::move(why);
  if (process) process->kill();
}

void GuestProcess::State::ended(int how) {
  if (abandoned) return;
  status = how;
  finish();
}

void GuestProcess::State::finish() {
  if (abandoned || !status || open_pipes != 0) return;
  read_channel();
  if (abandoned) return;
  abandoned = true;
  poll.cancel();
  watchdog.cancel();
  if (end.trouble.empty() && !done)
    end.trouble = fmt::format("the guest {}", drive::describe_status(*status));
  callbacks.on_end(std::move(end));
}

GuestProcess::GuestProcess(boost::asio::io_context& context, const Launch& launch,
                           Nanos longest_silence, Callbacks callbacks)
    : state_(std::make_shared<State>(context, longest_silence, std::move(callbacks))) {
  drive::ChildPipes pipes;
  Fd channel(open(launch.channel.c_str(), O_RDONLY | O_CLOEXEC));
  auto child = !channel
                   ? fail_errno("opening {}", launch.channel.string())
                   : drive::ChildProcess::start(context.get_executor(), {.argv = launch.argv}, pipes);
  if (child) {
    state_->begin(std::move(*child), std::move(pipes), std::move(channel));
    return;
  }
  boost::asio::post(context, [state = state_, why = child.error().what] {
    if (!std::exchange(state->abandoned, true)) state->callbacks.on_end({.trouble = why});
  });
}

GuestProcess::~GuestProcess() {
  state_->abandoned = true;
  state_->poll.cancel();
  state_->watchdog.cancel();
  error_code ignored;
  state_->out.close(ignored);
  state_->err.close(ignored);
  state_->process.reset();
}

}  // namespace faultline
