#include "stacks/linux/calls.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "stacks/linux/address.hpp"
#include "stacks/linux/options.hpp"

namespace faultline::linux_driver {
namespace {

// A send or a receive of so many bytes is one call of the kernel's.
constexpr size_t scratch_size = 65536;

// Binds to the request's local address, given as members `address_key` and `port_key`.
Answer bind_to(const Socket& socket, Request& request, const char* address_key,
               const char* port_key) {
  const std::string text = request.text(address_key).value_or("");
  const auto port = static_cast<uint16_t>(request.integer(port_key, 0, 65535).value_or(0));
  const std::optional<SocketAddress> local = make_address(socket.family(), text, port);
  if (!local) request.refuse(address_key, "a numeric one of the family");
  if (request.refusal()) return *request.refusal();
  return stamped("bind", [&] { return ::bind(socket.fd(), local->get(), local->length); });
}

bool names_local(Request& request, const char* address_key, const char* port_key) {
  return request.text(address_key) || request.integer(port_key, 0, 65535);
}

}  // namespace

Calls::Calls() : scratch_(scratch_size) {}

std::optional<Answer> Calls::make(uint64_t id, const std::string& call, Request& request) {
  if (call == "socket") return socket(request);
  if (call == "bind") return bind(request);
  if (call == "listen") return listen(request);
  if (call == "accept") return accept(id, request);
  if (call == "connect") return connect(id, request);
  if (call == "send" || call == "recv") return stream(id, call, request);
  if (call == "shutdown") return shutdown(request);
  if (call == "close") return close(id, request);
  if (call == "abort") return abort(request);
  if (call == "setsockopt") return setsockopt(request);
  if (call == "getsockopt") return getsockopt(request);
  return unsupported("call " + call);
}

std::vector<Calls::Answered> Calls::take_cut_short() {
  return std::exchange(cut_short_, {});
}

std::vector<Calls::Answered> Calls::go_on(const std::vector<bool>& ready) {
  std::vector<Answered> answered;
  auto pending = pending_.begin();
  for (const bool try_it : ready) {
    std::optional<Answer> answer;
    if (try_it) answer = pending->work->attempt(scratch_);
    if (answer) answered.push_back({pending->id, std::move(*answer)});
    pending = answer ? pending_.erase(pending) : std::next(pending);
  }
  return answered;
}

Answer Calls::socket(Request& request) {
  const auto socket = sockets_.make(request);
  return socket ? Answer{} : socket.error();
}

Answer Calls::bind(Request& request) {
  const bool fresh = !sockets_.taken(request.need_name("socket"));
  const auto socket = sockets_.need_or_make(request);
  if (!socket) return socket.error();
  Answer answer = bind_to(**socket, request, "address", "port");
  if (answer.ok()) {
    answer.result = describe_local((*socket)->fd());
  } else if (fresh) {
    sockets_.erase(request.need_name("socket"));
  }
  return answer;
}

Answer Calls::listen(Request& request) {
  const std::string name = request.need_name("socket");
  const auto backlog = static_cast<int>(request.integer("backlog", 0, 65535).value_or(16));
  const bool binds = names_local(request, "address", "port");
  if (request.refusal()) return *request.refusal();
  const bool fresh = !sockets_.taken(name);
  const auto socket = sockets_.need_or_make(request);
  if (!socket) return socket.error();
  Answer answer;
  if (binds) answer = bind_to(**socket, request, "address", "port");
  if (answer.ok()) {
    answer = stamped("listen", [&] { return ::listen((*socket)->fd(), backlog); });
  }
  if (answer.ok()) {
    answer.result = describe_local((*socket)->fd());
  } else if (fresh) {
    sockets_.erase(name);
  }
  return answer;
}

std::optional<Answer> Calls::connect(uint64_t id, Request& request) {
  const std::string name = request.need_name("socket");
  const bool binds = names_local(request, "local_address", "local_port");
  if (request.refusal()) return request.refusal();
  const bool fresh = !sockets_.taken(name);
  const auto socket = sockets_.need_or_make(request);
  if (!socket) return socket.error();
  std::optional<Answer> failed;
  if (busy("connect", name)) failed = refused("EALREADY", "a connect is under way");
  std::unique_ptr<BlockingCall> work = make_connect(**socket, request);
  if (!failed) failed = request.refusal();
  if (!failed && binds) {
    Answer bound = bind_to(**socket, request, "local_address", "local_port");
    if (!bound.ok()) failed = std::move(bound);
  }
  if (!failed) return start({id, "connect", name, std::move(work)});
  if (fresh) sockets_.erase(name);
  return failed;
}

std::optional<Answer> Calls::accept(uint64_t id, Request& request) {
  const std::string from = request.need_name("from");
  const std::string name = request.need_name("socket");
  if (request.refusal()) return request.refusal();
  const Socket* listener = sockets_.find(from);
  if (listener == nullptr) return refused("EBADF", "no socket '" + from + "'");
  if (sockets_.taken(name)) return refused("EEXIST", "there is a socket '" + name + "'");
  if (busy("accept", from)) return refused("EBUSY", "an accept is under way");
  return start({id, "accept", from, make_accept(*listener, name, sockets_)});
}

std::optional<Answer> Calls::stream(uint64_t id, const std::string& call, Request& request) {
  const auto socket = sockets_.need(request);
  if (!socket) return socket.error();
  const std::string name = request.need_name("socket");
  if (busy(call, name)) return refused("EBUSY", "a " + call + " is under way");
  std::unique_ptr<BlockingCall> work =
      call == "send" ? make_send(**socket, request) : make_recv(**socket, request);
  if (request.refusal()) return request.refusal();
  return start({id, call, name, std::move(work)});
}

Answer Calls::shutdown(Request& request) {
  const std::string how = request.need_text("how");
  const int number = how == "read" ? SHUT_RD : how == "write" ? SHUT_WR : SHUT_RDWR;
  if (number == SHUT_RDWR && how != "both") request.refuse("how", "read, write or both");
  const auto socket = sockets_.need(request);
  if (!socket) return socket.error();
  return stamped("shutdown", [&] { return ::shutdown((*socket)->fd(), number); });
}

std::optional<Answer> Calls::close(uint64_t id, Request& request) {
  const auto socket = sockets_.need(request);
  if (!socket) return socket.error();
  const std::string name = request.need_name("socket");
  cut_short(name);
  const int fd = (*socket)->fd();
  if (lingers(fd)) {
    if (!closer_.close_in_thread(id, fd)) return refused("EAGAIN", "no thread for the close");
    (void)(*socket)->release();
    sockets_.erase(name);
    return {};
  }
  (void)(*socket)->release();
  sockets_.erase(name);
  return stamped("close", [fd] { return ::close(fd); });
}

Answer Calls::abort(Request& request) {
  const auto socket = sockets_.need(request);
  if (!socket) return socket.error();
  const std::string name = request.need_name("socket");
  Answer lingering = set_option((*socket)->fd(), "SO_LINGER", 0);
  if (!lingering.ok()) return lingering;
  cut_short(name);
  const int fd = (*socket)->release();
  sockets_.erase(name);
  return stamped("close", [fd] { return ::close(fd); });
}

Answer Calls::setsockopt(Request& request) {
  const std::string option = request.need_text("option");
  const int64_t value = request.need_integer("value", option_least, option_most);
  const auto socket = sockets_.need(request);
  return socket ? set_option((*socket)->fd(), option, value) : socket.error();
}

Answer Calls::getsockopt(Request& request) {
  const std::string option = request.need_text("option");
  const std::optional<std::string> field = request.text("field");
  const auto socket = sockets_.need(request);
  return socket ? get_option((*socket)->fd(), option, field) : socket.error();
}

std::optional<Answer> Calls::start(Pending pending) {
  std::optional<Answer> answer = pending.work->attempt(scratch_);
  if (!answer) pending_.push_back(std::move(pending));
  return answer;
}

bool Calls::busy(const std::string& call, const std::string& socket) const {
  for (const Pending& pending : pending_) {
    if (pending.call == call && pending.socket == socket) return true;
  }
  return false;
}

void Calls::cut_short(const std::string& socket) {
  for (auto pending = pending_.begin(); pending != pending_.end();) {
    if (pending->socket != socket) {
      ++pending;
      continue;
    }
    cut_short_.push_back({pending->id, pending->work->cancel()});
    pending = pending_.erase(pending);
  }
}

}  // namespace faultline::linux_driver
