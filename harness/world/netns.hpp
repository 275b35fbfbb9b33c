// Network namespaces held by file descriptors: nameless, gone with the last descriptor and socket.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"

namespace faultline {

// The calling thread's network namespace.
[[nodiscard]] Result<Fd> current_netns();
// A new one. The calling thread stays where it is.
[[nodiscard]] Result<Fd> new_netns();

// Moves the calling thread into a network namespace, and back when it is destroyed. Also what
// /proc/sys/net means follows. Not being able to go back ends the process.
class InNamespace {
 public:
  // `netns` need only be open during the call.
  [[nodiscard]] static Result<InNamespace> enter(int netns);
  InNamespace(InNamespace&&) noexcept = default;
  InNamespace& operator=(InNamespace&&) = delete;
  ~InNamespace();

 private:
  explicit InNamespace(Fd home) : home_(std::move(home)) {}
  Fd home_;
};

// Calls `fn`, which returns a Result, in that namespace.
template <typename Fn>
[[nodiscard]] std::invoke_result_t<Fn> in_namespace(int netns, Fn&& fn) {
  auto inside = InNamespace::enter(netns);
  if (!inside) return std::unexpected(std::move(inside.error()));
  return std::forward<Fn>(fn)();
}

}  // namespace faultline
