#include "harness/kernel/qemu_guest.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "harness/kernel/modules.hpp"
#include "harness/util/fd.hpp"

namespace faultline {
namespace {

constexpr int longest_wait = 10'000;  // milliseconds

bool is_there(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

// The driver announces a port some time after it was loaded: whenever something is new in /dev, it
// may be that.
Result<void> await_device(const std::string& path) {
  const Fd news(inotify_init1(IN_CLOEXEC));
  if (!news || inotify_add_watch(news.get(), "/dev", IN_CREATE) < 0)
    return fail_errno("watching /dev");
  pollfd waiting{.fd = news.get(), .events = POLLIN, .revents = 0};
  std::array<char, 4096> what;
  while (!is_there(path)) {
    if (poll(&waiting, 1, longest_wait) <= 0)
      return fail(
          "there is no {}: the kernel needs CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_CONSOLE, built in "
          "or in its modules folder (--modules)",
          path);
    if (read(news.get(), what.data(), what.size()) < 0) return fail_errno("watching /dev");
  }
  return {};
}

}  // namespace

Result<void> prepare_qemu_guest(const std::string& channel) {
  if (!is_there(guest_module_list)) return {};
  if (mount("devtmpfs", "/dev", "devtmpfs", 0, nullptr) != 0)
    return fail_errno("mounting /dev (CONFIG_DEVTMPFS)");
  if (auto loaded = load_modules(guest_module_list); !loaded) return loaded;
  return await_device(channel);
}

}  // namespace faultline
