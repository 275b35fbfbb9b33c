// Kernels from a distribution's packages: fetched by apt, unpacked in the cache, never installed.
#pragma once

#include <filesystem>
#include <string>

#include "harness/kernel/tool.hpp"
#include "harness/util/error.hpp"

namespace faultline {

struct KernelPackage {
  std::string name, version;      // "linux-image-6.1.0-56-cloud-amd64", "6.1.192-2"
  std::filesystem::path vmlinuz;  // its modules are where modules_beside() looks
};

// The kernel of a package by name or glob (matches_package). What was unpacked before is used as it
// is, the newest that matches, in milliseconds and without asking anybody: removing it from `cache`
// (cache_folder()) has a newer one looked for. Else the newest that apt knows of is fetched and
// unpacked, in seconds; another process that does so is waited for. Needs no privilege. Error: what
// is missing and how to get it, or apt's words; nothing half-unpacked is ever found.
[[nodiscard]] Result<KernelPackage> kernel_package(const std::string& glob,
                                                   const std::filesystem::path& cache,
                                                   Watcher& watcher);

}  // namespace faultline
