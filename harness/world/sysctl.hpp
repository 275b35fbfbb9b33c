// Sysctls of the calling thread's network namespace, as files below /proc/sys/net.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/util/error.hpp"

namespace faultline {

// Values are normalised: runs of blanks and tabs become one space, none at either side.
[[nodiscard]] Result<std::string> read_sysctl(std::string_view name);
// Nothing is written where the value is there already. Returns what was read back; what the kernel
// made into something else is an Error (it reads "010" as 8).
[[nodiscard]] Result<std::string> write_sysctl(std::string_view name, std::string_view value);
// net.ipv4.tcp_* and net.ipv4.ip_local_port_range, see World::read_all_tcp.
[[nodiscard]] Result<std::map<std::string, std::string>> read_all_tcp_sysctls();

}  // namespace faultline
