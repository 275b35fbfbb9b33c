// Between a QEMU guest's start and its first job.
#pragma once

#include <string>

#include "harness/util/error.hpp"

namespace faultline {

// Where qemu_launch put the list of modules. Absolute, in the guest.
inline constexpr auto guest_module_list = "/modules.list";

// Mounts /dev, loads the listed modules and waits until `channel`, a device, is there. Does nothing
// in a guest that is not QEMU's: one without the list. Error: what could not be done; a channel
// that is not there within ten seconds of the guest's clock. REQUIRES: this is process 1.
[[nodiscard]] Result<void> prepare_qemu_guest(const std::string& channel);

}  // namespace faultline
