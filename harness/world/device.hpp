// TUN and TAP devices: the end of a world where a stack of user space stands.
#pragma once

#include <string>

#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"
#include "harness/world/attach.hpp"
#include "harness/world/link.hpp"

namespace faultline {

// In a guest whose /run is its own: where /dev, which is the host's or a container's, has no node for
// such devices, makes one that make_device() finds. What goes wrong shows there.
void provide_clone_device();

// Makes the device in the calling thread's network namespace. What the namespace sends to it is read
// from the descriptor, a packet or frame a time, and what is written there arrives. It is gone when
// the last copy of the descriptor is closed. Non-blocking, close-on-exec. `mac` is the namespace's
// side's, of a TAP device. REQUIRES: attach is tun or tap.
[[nodiscard]] Result<Fd> make_device(const std::string& name, Attach attach, const Mac& mac);

}  // namespace faultline
