#include "harness/world/device.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace faultline {
namespace {

constexpr const char* clone_device = "/dev/net/tun";
constexpr const char* own_clone_device = "/run/tun";
constexpr unsigned misc_major = 10, tun_minor = 200;  // Documentation/admin-guide/devices.txt
constexpr int open_flags = O_RDWR | O_NONBLOCK | O_CLOEXEC;

ifreq request_for(const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

Result<void> set_mac(const std::string& name, const Mac& mac) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno("opening a socket to set up {}", name);
  ifreq request = request_for(name);
  request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  std::ranges::copy(mac, request.ifr_hwaddr.sa_data);
  if (ioctl(socket.get(), SIOCSIFHWADDR, &request) != 0)
    return fail_errno("setting the address of {}", name);
  return {};
}

}  // namespace

void provide_clone_device() {
  if (access(clone_device, F_OK) != 0)
    (void)mknod(own_clone_device, S_IFCHR | 0600, makedev(misc_major, tun_minor));
}

Result<Fd> make_device(const std::string& name, Attach attach, const Mac& mac) {
  Fd device(open(clone_device, open_flags));
  if (!device && errno == ENOENT) device = Fd(open(own_clone_device, open_flags));
  if (!device)
    return fail_errno("opening {}, which stacks of user space need (a virtual kernel has it: "
                      "--kernel uml-6.12)",
                      clone_device);
  const bool is_tap = attach == Attach::tap;
  ifreq request = request_for(name);
  request.ifr_flags = static_cast<short>((is_tap ? IFF_TAP : IFF_TUN) | IFF_NO_PI);
  if (ioctl(device.get(), TUNSETIFF, &request) != 0)
    return fail_errno("making the device {}", name);
  if (!is_tap) return device;
  if (auto done = set_mac(name, mac); !done) return std::unexpected(done.error());
  return device;
}

}  // namespace faultline
