// The sysctls of Linux's TCP: which there are, and, of those that Faultline looks at, what the
// kernel takes for them and what they are by default.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace faultline {

struct KernelVersion {
  int major = 0, minor = 0;
  [[nodiscard]] auto operator<=>(const KernelVersion&) const = default;
};
[[nodiscard]] std::string to_string(KernelVersion version);  // "6.12"

// The first two numbers in "6.12.117", "uml-6.1@1000" or "linux-image-6.1.0-28-cloud-amd64".
[[nodiscard]] std::optional<KernelVersion> kernel_version(std::string_view name);

struct TcpSysctl {
  std::string key;  // in full: "net.ipv4.tcp_syn_retries"
  int64_t least = 0, most = 255;
  bool seconds = false;  // kept in jiffies, in an int: `most` is INT_MAX / HZ
  int64_t standard = 0;  // the default of a new network namespace
  KernelVersion since;   // {} for what is older than any kernel that this program meets

  [[nodiscard]] std::string name() const { return key.substr(key.rfind('.') + 1); }
};

// Those that Faultline looks at, because they set a timer or decide whether one is used.
[[nodiscard]] std::span<const TcpSysctl> timer_sysctls();
[[nodiscard]] const TcpSysctl* find_timer_sysctl(std::string_view key);
[[nodiscard]] int64_t greatest(const TcpSysctl& sysctl, int hz);

// Whether any kernel from 6.1 on has a net.ipv4.tcp_* of this name ("tcp_rmem"), looked at or not.
[[nodiscard]] bool is_tcp_sysctl(std::string_view name);

// The values of `timer_sysctls` that a kernel of this version begins with; not those that it lacks.
[[nodiscard]] std::map<std::string, std::string> kernel_defaults(KernelVersion version);

}  // namespace faultline
