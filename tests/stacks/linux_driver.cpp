#include "tests/stacks/linux_driver.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>

#include "stacks/linux/driver.hpp"

namespace faultline {
namespace {

bool readable_within(int fd, int milliseconds) {
  pollfd wait{fd, POLLIN, 0};
  return ::poll(&wait, 1, milliseconds) > 0;
}

void make_pipe(Fd& read_end, Fd& write_end) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) throw std::runtime_error("no pipe");
  read_end.reset(ends[0]);
  write_end.reset(ends[1]);
}

}  // namespace

LinuxDriverTest::LinuxDriverTest() {
  make_pipe(driver_in_, to_);
  make_pipe(from_, driver_out_);
  thread_ = std::jthread([this] {
    status_ = run_linux_driver(driver_in_.get(), driver_out_.get());
    driver_out_.reset();
  });
  hello = next();
}

LinuxDriverTest::~LinuxDriverTest() {
  to_.reset();
}

void LinuxDriverTest::write(const std::string& bytes) {
  ASSERT_EQ(::write(to_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}

nlohmann::json LinuxDriverTest::next() {
  while (unread_.find('\n') == std::string::npos) {
    char buffer[4096];
    if (!readable_within(from_.get(), 20000)) {
      ADD_FAILURE() << "the driver says nothing";
      return nullptr;
    }
    const ssize_t got = ::read(from_.get(), buffer, sizeof buffer);
    if (got <= 0) return nullptr;
    unread_.append(buffer, static_cast<size_t>(got));
  }
  const size_t end = unread_.find('\n');
  json said = json::parse(unread_.substr(0, end));
  unread_.erase(0, end + 1);
  return said;
}

bool LinuxDriverTest::is_silent() {
  return unread_.empty() && replies_.empty() && !readable_within(from_.get(), 100);
}

uint64_t LinuxDriverTest::send(json request) {
  request["id"] = next_id_;
  write(request.dump() + "\n");
  return next_id_++;
}

nlohmann::json LinuxDriverTest::reply_to(uint64_t id) {
  const auto is_it = [id](const json& reply) { return reply["id"] == id; };
  for (;;) {
    const auto found = std::ranges::find_if(replies_, is_it);
    if (found != replies_.end()) {
      json reply = *found;
      replies_.erase(found);
      return reply;
    }
    json said = next();
    if (said.is_null()) return json{{"error", "the driver has ended"}};
    (said.contains("event") ? events_ : replies_).push_back(said);
  }
}

bool LinuxDriverTest::started(uint64_t id) const {
  return std::ranges::count(events_, json{{"event", "started"}, {"id", id}}) == 1;
}

void LinuxDriverTest::wait_started(uint64_t id) {
  while (!started(id)) {
    json said = next();
    ASSERT_FALSE(said.is_null());
    (said.contains("event") ? events_ : replies_).push_back(said);
  }
}

void LinuxDriverTest::connect_pair(const std::string& family, const json& listener_options) {
  const json listening = call({{"call", "listen"},
                               {"socket", "listener"},
                               {"address", loopback(family)},
                               {"options", listener_options}});
  ASSERT_TRUE(listening.contains("result")) << listening;
  port = listening["result"]["local_port"];
  const uint64_t accept = send({{"call", "accept"}, {"from", "listener"}, {"socket", "peer"}});
  const json connected = call(
      {{"call", "connect"}, {"socket", "main"}, {"address", loopback(family)}, {"port", port}});
  ASSERT_TRUE(connected.contains("result")) << connected;
  const json accepted = reply_to(accept);
  ASSERT_TRUE(accepted.contains("result")) << accepted;
  EXPECT_EQ(accepted["result"]["peer_port"], connected["result"]["local_port"]);
  EXPECT_EQ(accepted["result"]["peer_address"], loopback(family));
}

int LinuxDriverTest::hang_up() {
  to_.reset();
  thread_.join();
  return status_;
}

}  // namespace faultline
