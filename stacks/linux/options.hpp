// Socket options by the names of the protocol.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "stacks/linux/answer.hpp"

namespace faultline::linux_driver {

// Every option is an int of the kernel's.
inline constexpr int64_t option_least = std::numeric_limits<int>::min();
inline constexpr int64_t option_most = std::numeric_limits<int>::max();

// REQUIRES: option_least <= value <= option_most.
[[nodiscard]] Answer set_option(int fd, const std::string& name, int64_t value);

// {"value": …}. `field` names a member of tcp_info for TCP_INFO and must be absent otherwise.
[[nodiscard]] Answer get_option(int fd, const std::string& name,
                                const std::optional<std::string>& field);

// Sets each of an object name → integer; stops at the first that fails and returns its answer.
[[nodiscard]] std::optional<Answer> set_options(int fd, const nlohmann::json& options);

// Whether close() of this socket may wait (SO_LINGER with more than zero seconds).
[[nodiscard]] bool lingers(int fd);

}  // namespace faultline::linux_driver
