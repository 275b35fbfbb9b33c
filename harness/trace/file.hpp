// Files read with a bound and written whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/util/error.hpp"

namespace faultline {

// Writes a temporary file beside `path` and renames it: who opens `path` sees the former content or
// the new one, never a part, also when this process is killed. Nothing is synced to the disk. The
// folder must exist; on an error nothing of the temporary file remains. What is no file (a device,
// a pipe, /dev/fd/63 of a shell's `>(…)`) is written as it is; a pipe that nobody reads from is an
// error.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view content);

// Of "/dev/stdout", "/dev/stderr" and "/dev/fd/63"; -1 of other paths.
[[nodiscard]] int descriptor_of(std::string_view path);

// The whole content; an error where it is longer than `limit` bytes. Pipes work too.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, size_t limit);

}  // namespace faultline
