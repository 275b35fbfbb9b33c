// One idiom for what can fail: Result<T>. The text says what happened, where, and what to do.
// Exceptions are for "cannot go on" only and are caught once, in cli.
#pragma once

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <expected>
#include <string>

namespace faultline {

struct Error {
  std::string what;
};

template <typename T>
using Result = std::expected<T, Error>;

template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{fmt::format(format, std::forward<Args>(args)...)});
}

// Appends the text of errno: "opening /x: Permission denied".
template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail_errno(fmt::format_string<Args...> format,
                                                Args&&... args) {
  const int error = errno;
  return std::unexpected(Error{fmt::format("{}: {}",
                                           fmt::format(format, std::forward<Args>(args)...),
                                           std::strerror(error))});
}

}  // namespace faultline
