// The secret that a client of a driver across a network shows first.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/util/error.hpp"

namespace faultline::remote {

inline constexpr size_t shortest_token = 16, longest_token = 1024;

// What the file holds, without the newline at its end. Error, with what to do about it: it is no
// regular file, others than its owner may read or write it, it is shorter or longer than the limits,
// or it holds what is no printable ASCII.
[[nodiscard]] Result<std::string> read_token(const std::filesystem::path& file);

// Takes as long wherever the two begin to differ.
[[nodiscard]] bool same_token(std::string_view right, std::string_view shown);

}  // namespace faultline::remote
