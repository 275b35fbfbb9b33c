// The first filesystem of a guest: a cpio archive of the "newc" kind, uncompressed, as the kernel
// unpacks it (Documentation/driver-api/early-userspace/buffer-format.rst).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "harness/util/error.hpp"

namespace faultline {

struct ArchiveEntry {
  std::string path;                  // within the archive, "/bin/x" or "bin/x"
  uint32_t mode = 0;                 // type and permissions, as st_mode has them: S_IFREG | 0755
  std::string content;               // of a file; of a symbolic link, what it points to
  std::filesystem::path taken_from;  // where given, the content is that of this file
  uint32_t major = 0, minor = 0;     // of a device
};

// The archive. Folders on the way to an entry are added, 0755, where they are not entries
// themselves; all times are zero and all owners root, so that the same entries make the same bytes.
// Error: a file that cannot be read, or one of 4 GB or more, which the format cannot hold.
[[nodiscard]] Result<std::string> initramfs(std::span<const ArchiveEntry> entries);

}  // namespace faultline
