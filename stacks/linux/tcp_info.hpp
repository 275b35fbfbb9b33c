// The members of the kernel's tcp_info by name.
#pragma once

#include <linux/tcp.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline::linux_driver {

// `length` is what getsockopt filled in. Nothing where there is no such member, or an older kernel
// did not fill it in.
[[nodiscard]] std::optional<uint64_t> info_field(const tcp_info& info, size_t length,
                                                 std::string_view name);

}  // namespace faultline::linux_driver
