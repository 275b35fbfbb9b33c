// How a guest is started. What differs between UML and QEMU ends here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline {

struct Launch {
  std::vector<std::string> argv;  // its standard output is the guest's console
  std::filesystem::path channel;  // a file of the host's that grows by frames (frames.hpp)
};

// For a UML kernel, with its files in `folder`, an existing one on a filesystem that runs programs
// and whose path has no spaces: `program` becomes the first process and is told "guest PLAN CHANNEL"
// (run_guest); `plan` is what it is to do.
[[nodiscard]] Result<Launch> uml_launch(const std::filesystem::path& kernel,
                                        const std::filesystem::path& program,
                                        const std::string& plan,
                                        const std::filesystem::path& folder);

// Error: ptrace, by which a UML kernel runs its processes, is refused here; says what to do.
// uml_launch asks for it.
[[nodiscard]] Result<void> require_ptrace();

}  // namespace faultline
