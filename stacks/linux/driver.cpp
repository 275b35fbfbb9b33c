#include "stacks/linux/driver.hpp"

#include <poll.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

#include "harness/drive/lines.hpp"
#include "stacks/linux/calls.hpp"

namespace faultline {
namespace linux_driver {
namespace {

using nlohmann::json;

class Driver {
 public:
  Driver(int in_fd, int out_fd, const DriverExtras& extras)
      : in_(in_fd), out_(out_fd), extras_(extras) {}

  int run() {
    say_hello();
    while (going_on_) wait_and_serve();
    return writable_ ? 0 : 1;
  }

 private:
  void say_hello() {
    utsname system{};
    uname(&system);
    json hello{{"event", "hello"},
               {"protocol", protocol::version},
               {"stack", "linux"},
               {"version", system.release},
               {"clock", "CLOCK_MONOTONIC"},
               {"pid", getpid()}};
    hello.update(extras_.hello);
    say(hello);
  }

  void wait_and_serve() {
    std::vector<pollfd> fds{{in_, POLLIN, 0}, {calls_.closer_fd(), POLLIN, 0}};
    for (const Pending& pending : calls_.pending()) {
      fds.push_back({pending.work->fd(), pending.work->events(), 0});
    }
    if (::poll(fds.data(), fds.size(), -1) < 0) return;
    std::vector<bool> ready;
    for (size_t i = 2; i < fds.size(); ++i) ready.push_back(fds[i].revents != 0);
    for (const auto& [id, answer] : calls_.go_on(ready)) write_line(reply_line(id, answer));
    if (fds[1].revents != 0) {
      for (const auto& [id, answer] : calls_.closed()) write_line(reply_line(id, answer));
    }
    if (fds[0].revents != 0) read_requests();
  }

  void read_requests() {
    char buffer[4096];
    const ssize_t got = ::read(in_, buffer, sizeof buffer);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) {
      going_on_ = false;
      return;
    }
    lines_.feed({buffer, static_cast<size_t>(got)}, [this](std::string_view line, bool too_long) {
      if (too_long) {
        complain("a line is longer than 65536 bytes", line);
      } else if (!line.empty()) {
        serve(line);
      }
      return going_on_;
    });
  }

  void serve(std::string_view line) {
    const json request = json::parse(line, nullptr, false);
    if (!request.is_object()) return complain("not a JSON object", line);
    const auto id = request.find("id");
    if (id == request.end() || !id->is_number_unsigned() ||
        id->get<uint64_t>() > protocol::max_integer) {
      return complain("no id (an integer from 0 to 2^53)", line);
    }
    make_call(id->get<uint64_t>(), request);
  }

  void make_call(uint64_t id, const json& object) {
    Request request(object);
    const std::string call = request.need_text("call");
    std::optional<Answer> answer;
    if (request.refusal()) {
      answer = request.refusal();
    } else if (call == "exit") {
      answer = Answer{};
      going_on_ = false;
    } else if (call == "state" && extras_.state) {
      answer = tell_state(request);
    } else {
      answer = calls_.make(id, call, request);
    }
    for (const auto& [cut, its_answer] : calls_.take_cut_short()) {
      write_line(reply_line(cut, its_answer));
    }
    if (answer) return write_line(reply_line(id, *answer));
    say({{"event", "started"}, {"id", id}});
  }

  Answer tell_state(Request& request) {
    const auto port = [&](const char* key) {
      return static_cast<uint16_t>(request.need_integer(key, 0, 65535));
    };
    const DriverConnection which{.local_address = request.need_text("local_address"),
                                 .peer_address = request.need_text("peer_address"),
                                 .local_port = port("local_port"),
                                 .peer_port = port("peer_port")};
    if (request.refusal()) return *request.refusal();
    const std::string state = extras_.state(which);
    if (state.empty()) return refused("EINVAL", "the state of this connection cannot be told");
    return {.result = {{"state", state}}};
  }

  void complain(const char* what, std::string_view line) {
    say({{"event", "error"}, {"message", std::string(what) + ": " + protocol::excerpt(line)}});
  }

  void say(const json& object) {
    write_line(object.dump(-1, ' ', false, json::error_handler_t::replace));
  }

  // Waits until all is written; where nobody reads any more, the driver ends.
  void write_line(std::string line) {
    line += '\n';
    std::string_view left = line;
    while (writable_ && !left.empty()) {
      const ssize_t written = ::write(out_, left.data(), left.size());
      if (written > 0) {
        left.remove_prefix(static_cast<size_t>(written));
      } else if (errno == EAGAIN) {
        pollfd out{out_, POLLOUT, 0};
        ::poll(&out, 1, -1);
      } else if (errno != EINTR) {
        writable_ = going_on_ = false;
      }
    }
  }

  int in_, out_;
  const DriverExtras& extras_;
  Calls calls_;
  protocol::LineSplitter lines_;
  bool going_on_ = true, writable_ = true;
};

}  // namespace
}  // namespace linux_driver

int run_linux_driver(int in_fd, int out_fd) {
  return serve_linux_driver(in_fd, out_fd, {});
}

int serve_linux_driver(int in_fd, int out_fd, const DriverExtras& extras) {
  std::signal(SIGPIPE, SIG_IGN);
  return linux_driver::Driver(in_fd, out_fd, extras).run();
}

}  // namespace faultline
