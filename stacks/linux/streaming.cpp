// send() and recv() as blocking calls: the stream's content is made and checked here.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "harness/drive/protocol.hpp"
#include "stacks/linux/blocking.hpp"

namespace faultline::linux_driver {
namespace {

// What one attempt may move before other sockets have their turn.
constexpr uint64_t fair_share = 1 << 20;
constexpr auto no_limit = protocol::max_integer;

struct StreamPart {
  uint64_t seed, offset, left, done = 0;
};

class Send final : public BlockingCall {
 public:
  Send(int fd, const StreamPart& part) : BlockingCall(fd, POLLOUT), part_(part) {}

  std::optional<Answer> attempt(std::span<std::byte> scratch) override {
    begin();
    result_["bytes"] = part_.done;
    for (uint64_t moved = 0; part_.left > 0 && moved < fair_share;) {
      const std::span chunk = scratch.first(std::min<uint64_t>(scratch.size(), part_.left));
      protocol::fill_stream(part_.seed, part_.offset + part_.done, chunk);
      // MSG_MORE: that the content comes in chunks must not show in the segments.
      const int more = chunk.size() < part_.left ? MSG_MORE : 0;
      const ssize_t sent = ::send(fd(), chunk.data(), chunk.size(), MSG_NOSIGNAL | more);
      if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return {};
      if (sent < 0) return fail(errno, "send");
      moved += static_cast<uint64_t>(sent);
      part_.done += static_cast<uint64_t>(sent);
      part_.left -= static_cast<uint64_t>(sent);
      result_["bytes"] = part_.done;
    }
    if (part_.left > 0) return {};
    return succeed();
  }

 private:
  StreamPart part_;
};

class Recv final : public BlockingCall {
 public:
  Recv(int fd, const StreamPart& part) : BlockingCall(fd, POLLIN), part_(part) {}

  std::optional<Answer> attempt(std::span<std::byte> scratch) override {
    begin();
    note(false);
    for (uint64_t moved = 0; part_.left > 0 && moved < fair_share;) {
      const size_t room = std::min<uint64_t>(scratch.size(), part_.left);
      const ssize_t got = ::recv(fd(), scratch.data(), room, 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return {};
      if (got < 0) return fail(errno, "recv");
      if (got == 0) {
        note(true);
        return succeed();
      }
      check(scratch.first(static_cast<size_t>(got)));
      moved += static_cast<uint64_t>(got);
      part_.done += static_cast<uint64_t>(got);
      part_.left -= static_cast<uint64_t>(got);
      note(false);
    }
    if (part_.left > 0) return {};
    return succeed();
  }

 private:
  void note(bool eof) {
    result_["bytes"] = part_.done;
    result_["eof"] = eof;
  }

  void check(std::span<const std::byte> bytes) {
    if (result_.contains("mismatch")) return;
    uint64_t offset = part_.offset + part_.done;
    std::byte expected[4096];
    while (!bytes.empty()) {
      const std::span part(expected, std::min(bytes.size(), sizeof expected));
      protocol::fill_stream(part_.seed, offset, part);
      const auto differs = std::ranges::mismatch(part, bytes).in1;
      if (differs != part.end()) {
        result_["mismatch"] = offset + static_cast<uint64_t>(differs - part.begin());
        return;
      }
      offset += part.size();
      bytes = bytes.subspan(part.size());
    }
  }

  StreamPart part_;
};

StreamPart read_part(Request& request, std::optional<int64_t> bytes) {
  constexpr auto most = static_cast<int64_t>(protocol::max_integer);
  return {.seed = request.need_seed(),
          .offset = static_cast<uint64_t>(request.integer("offset", 0, most).value_or(0)),
          .left = bytes ? static_cast<uint64_t>(*bytes) : no_limit};
}

}  // namespace

std::unique_ptr<BlockingCall> make_send(const Socket& socket, Request& request) {
  constexpr auto most = static_cast<int64_t>(protocol::max_integer);
  const int64_t bytes = request.need_integer("bytes", 0, most);
  return std::make_unique<Send>(socket.fd(), read_part(request, bytes));
}

std::unique_ptr<BlockingCall> make_recv(const Socket& socket, Request& request) {
  constexpr auto most = static_cast<int64_t>(protocol::max_integer);
  const std::optional<int64_t> bytes = request.integer("bytes", 0, most);
  return std::make_unique<Recv>(socket.fd(), read_part(request, bytes));
}

}  // namespace faultline::linux_driver
