#include "harness/kernel/tool.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <optional>

#include "harness/drive/lines.hpp"
#include "harness/drive/spawn.hpp"
#include "harness/drive/stderr_tail.hpp"

namespace faultline {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using OnLine = std::function<void(std::string_view)>;

class Tool {
 public:
  Tool(Watcher& watcher, const OnLine& on_line) : watcher_(watcher), on_line_(on_line) {}
  Result<ToolEnd> run(std::vector<std::string> argv);

 private:
  void read_out();
  void read_err();
  void await_signal();
  void heard(std::string_view bytes, bool on_err);
  void ended(int status);

  Watcher& watcher_;
  const OnLine& on_line_;
  asio::io_context context_;
  std::optional<drive::ChildProcess> process_;
  asio::readable_pipe out_{context_}, err_{context_};
  asio::signal_set signals_{context_, SIGINT, SIGTERM, SIGHUP};
  std::array<char, 4096> out_buffer_{}, err_buffer_{};
  protocol::LineSplitter lines_;
  drive::StderrTail tail_, both_;
  bool last_was_err_ = false;
  ToolEnd end_;
};

Result<ToolEnd> Tool::run(std::vector<std::string> argv) {
  // Its own process group: what it starts can be killed with it.
  argv.insert(argv.begin(), "setsid");
  drive::ChildPipes pipes;
  auto process =
      drive::ChildProcess::start(context_.get_executor(), {.argv = std::move(argv)}, pipes);
  if (!process) return std::unexpected(process.error());
  process_ = std::move(*process);
  pipes.in.reset();
  out_.assign(pipes.out.release());
  err_.assign(pipes.err.release());
  read_out();
  read_err();
  await_signal();
  process_->wait([this](int status) { ended(status); });
  context_.run();
  if (watcher_.interrupted) return fail("interrupted");
  end_.said = tail_.lines();
  std::erase(end_.said, "");
  end_.last_words = both_.lines();
  return std::move(end_);
}

void Tool::read_out() {
  out_.async_read_some(asio::buffer(out_buffer_), [this](error_code error, size_t got) {
    heard({out_buffer_.data(), got}, false);
    lines_.feed({out_buffer_.data(), got}, [this](std::string_view line, bool) {
      on_line_(line);
      return true;
    });
    if (!error) read_out();
  });
}

void Tool::read_err() {
  err_.async_read_some(asio::buffer(err_buffer_), [this](error_code error, size_t got) {
    tail_.feed({err_buffer_.data(), got});
    heard({err_buffer_.data(), got}, true);
    if (!error) read_err();
  });
}

// What comes from the other of the two begins a line of its own.
void Tool::heard(std::string_view bytes, bool on_err) {
  if (bytes.empty()) return;
  if (on_err != last_was_err_) both_.feed("\n");
  last_was_err_ = on_err;
  both_.feed(bytes);
}

void Tool::await_signal() {
  signals_.async_wait([this](error_code error, int) {
    if (error) return;
    watcher_.interrupted = true;
    if (!process_->running()) return;
    ::kill(-process_->pid(), SIGKILL);
    process_->kill();  // it may not have become a group yet
    await_signal();
  });
}

void Tool::ended(int status) {
  end_.status = status;
  end_.how = drive::describe_status(status);
  signals_.cancel();
  if (!watcher_.interrupted) return;
  out_.close();
  err_.close();
}

}  // namespace

Result<ToolEnd> run_tool(const std::vector<std::string>& argv, Watcher& watcher,
                         const OnLine& on_line) {
  return Tool(watcher, on_line).run(argv);
}

bool have_tool(const std::string& name) {
  return drive::find_program(name).has_value();
}

}  // namespace faultline
