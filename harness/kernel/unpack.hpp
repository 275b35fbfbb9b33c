// What is compressed is unpacked by the machine's own programs, into memory.
#pragma once

#include <string>

#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"

namespace faultline {

// What `program -dc` (xz, zstd, gzip) makes of `packed`, a file that is read from where it stands.
// Error: there is no such program, or it refuses; `name` says of what.
[[nodiscard]] Result<std::string> unpack(const std::string& program, const Fd& packed,
                                         const std::string& name);

}  // namespace faultline
