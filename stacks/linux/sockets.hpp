// The driver's sockets by the names that the harness gave them.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "stacks/linux/answer.hpp"
#include "stacks/linux/request.hpp"

namespace faultline::linux_driver {

// One non-blocking TCP socket. A name may be reserved for a socket that accept() has yet to make:
// it then has no descriptor.
class Socket {
 public:
  Socket() = default;
  Socket(int fd, int family) : fd_(fd), family_(family) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  // Closes as a dying process would: without waiting for SO_LINGER.
  ~Socket();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] int family() const { return family_; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
  int family_ = 0;  // AF_INET, AF_INET6
};

class Sockets {
 public:
  // nullptr where there is none (a reserved name is none).
  [[nodiscard]] Socket* find(const std::string& name) const;
  // The socket that a request's `socket` names; EBADF where there is none.
  [[nodiscard]] std::expected<Socket*, Answer> need(Request& request) const;
  // The same, but made (of `family`, or the family that `address` looks like) where there is none.
  // `options` are set in either case.
  [[nodiscard]] std::expected<Socket*, Answer> need_or_make(Request& request);
  // A new socket; EEXIST where the name is taken.
  [[nodiscard]] std::expected<Socket*, Answer> make(Request& request);

  [[nodiscard]] bool taken(const std::string& name) const { return sockets_.contains(name); }
  // Reserves a name: see Socket.
  void reserve(const std::string& name) { sockets_[name] = std::make_unique<Socket>(); }
  void put(const std::string& name, int fd, int family) {
    sockets_[name] = std::make_unique<Socket>(fd, family);
  }
  // Forgets a name; what it still holds is closed.
  void erase(const std::string& name) { sockets_.erase(name); }

 private:
  std::map<std::string, std::unique_ptr<Socket>> sockets_;
};

}  // namespace faultline::linux_driver
