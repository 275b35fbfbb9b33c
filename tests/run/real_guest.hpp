// User-Mode Linux guests for tests that do them harm.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace faultline::test {

// The built uml-6.12; nothing where it has not been built.
[[nodiscard]] std::optional<std::filesystem::path> built_uml();

// The guest that runs this image: of its processes the one that is the kernel, the others' parent.
// Waits until there is one; throws where none comes. REQUIRES: no other guest runs the same image.
[[nodiscard]] pid_t kernel_process(const std::filesystem::path& image);

// Stops it as if it hung, and waits until it stands still.
void freeze(pid_t process);

}  // namespace faultline::test
